import { FactoryError } from '#src/errors.ts';
import { ERASED } from '#src/ledger/define-event.ts';
import type { LessonRow } from '#src/ledger/reflection-rows.ts';
import type { TableReader } from '#src/ports/unit-of-work.ts';
import type { Change, Wish } from './change.ts';
import type { Thought } from './recorded-thoughts.ts';

const MAX_MODEL_NAME = 200;

/**
 * What a person's wish means for this run. Throws FactoryError `lesson-unknown`, `lesson-of-another-project`,
 * `lesson-refused`, `lesson-erased`, `which-instructions` and `model-name`.
 */
export async function chooseChange(
  tables: TableReader,
  wish: Wish,
  { projectId, thoughts }: { projectId: string; thoughts: readonly Thought[] },
): Promise<Change> {
  switch (wish.kind) {
    case 'with':
    case 'without':
      return { kind: wish.kind, lesson: await findLesson(tables, projectId, wish.lesson) };
    case 'prompt':
      return { kind: 'prompt', instructions: wish.instructions, ...chooseThought(thoughts, wish.whose) };
    case 'model':
      return { kind: 'model', name: judgeName(wish.name) };
  }
}

/** By its number in the project, or by its id. A refused one is what people must never be led to try. */
async function findLesson(tables: TableReader, projectId: string, wanted: string): Promise<LessonRow> {
  const [lesson] = /^\d{1,9}$/.test(wanted)
    ? await tables.find('lessons', { projectId, number: Number(wanted) })
    : [await tables.get('lessons', wanted)];
  if (lesson === undefined || lesson === null) {
    throw new FactoryError('lesson-unknown', `The project of this run has no lesson “${wanted}”.`, {
      fix: 'Say `lessons` in its channel to see those that there are.',
    });
  }
  if (lesson.projectId !== projectId) {
    throw new FactoryError('lesson-of-another-project', 'This lesson belongs to another project.', {
      fix: 'Take a lesson of the project that the run belongs to.',
    });
  }
  if (lesson.status === 'refused') {
    throw new FactoryError(
      'lesson-refused',
      `Lesson ${lesson.number} was refused and goes to no model, not even here.`,
      {
        fix: 'Tell it anew in other words.',
      },
    );
  }
  if (lesson.text === ERASED) {
    throw new FactoryError('lesson-erased', `The words of lesson ${lesson.number} were erased.`, {
      fix: 'Take another lesson.',
    });
  }
  return lesson;
}

/** Instructions are for one kind of thinking: those for tests would make no sense for remarks. */
function chooseThought(thoughts: readonly Thought[], whose: string | null) {
  const [persona, part] = (whose ?? '').toLowerCase().split(':');
  const known = new Map(thoughts.map((thought) => [`${thought.persona}:${thought.part}`, thought]));
  const fitting = [...known.values()].filter(
    (thought) => (whose === null || thought.persona === persona) && (part === undefined || thought.part === part),
  );
  const [found] = fitting;
  if (found !== undefined && fitting.length === 1) return { persona: found.persona, part: found.part };
  throw new FactoryError(
    'which-instructions',
    found === undefined ? `Nobody of that name thought in this run.` : 'Several thoughts of this run could be meant.',
    { fix: `Say --persona with one of ${[...known.keys()].join(', ')}.` },
  );
}

function judgeName(name: string): string {
  if (name.length <= MAX_MODEL_NAME && /^[\x21-\x7e]+$/.test(name)) return name;
  throw new FactoryError('model-name', 'That is no name of a model.', {
    fix: 'Write it as its endpoint does, without spaces.',
  });
}
