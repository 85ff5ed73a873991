import type { TaskBrief } from '#src/backlog/task-brief.ts';
import { editsOf } from '#src/backlog/task-brief.ts';
import { taskEvent } from '#src/code-factory/decide.ts';
import type { StepContext } from '#src/code-factory/step.ts';
import type { Task } from '#src/code-factory/task.ts';
import type { PackRequest } from '#src/context-pack/pack.ts';
import { isEvent } from '#src/ledger/event.ts';
import type { Clock } from '#src/ports/clock.ts';
import type { ModelRequest } from '#src/ports/model.ts';
import type { PersonaName } from '#src/ports/personas.ts';
import type { Transaction, UnitOfWork } from '#src/ports/unit-of-work.ts';
import { contentOfHeld } from '#src/reflection/digest/held.ts';
import { packedLesson } from '#src/reflection/lessons/packed-lesson.ts';
import { relevantLessons } from '#src/reflection/lessons/relevant.ts';
import { lessonUsesStream } from '#src/reflection/lessons/lesson-uses.ts';
import type { ThinkDependencies } from '../thinking/assignment.ts';
import type { Pack } from './pack.ts';
import type { StepTools } from './step-tools.ts';

/** More than a person would read before they begin helps a model no more than them. */
const MAX_LESSONS = 20;
/** What helped longer ago may have been about other code. */
const MAX_WEEKS = 8;

/** By what it is told which lessons matter. */
interface LessonGrounds {
  persona: PersonaName;
  brief: TaskBrief;
  /** What people said that the brief rests on. */
  said: readonly string[];
  /** What the step looks at first, and what people named for it. */
  paths: readonly string[];
}

/**
 * The lessons that a pack of this step may show. Only what a person accepted counts: no file, message, tool result or
 * answer can put one here.
 */
export async function lessonsFor(
  { unitOfWork }: Pick<StepTools, 'unitOfWork'>,
  { task, startedAt }: Pick<StepContext, 'task' | 'startedAt'>,
  { persona, brief, said, paths }: LessonGrounds,
): Promise<PackRequest['lessons']> {
  const { projectId } = task;
  const accepted = await unitOfWork.tables.find('lessons', { projectId, status: 'accepted' });
  if (accepted.length === 0) return [];
  const criteria = brief.criteria.map(({ text, given, when, then }) => [text, ...given, ...when, ...then].join('\n'));
  const relevant = relevantLessons(accepted, {
    persona,
    paths: [...paths, ...editsOf(brief).map(({ path }) => path)],
    words: [brief.title, brief.narrative, ...criteria, ...brief.constraints, ...said].join('\n'),
    helped: await thatHelped(unitOfWork, projectId),
    at: startedAt,
  });
  return relevant.slice(0, MAX_LESSONS).map(packedLesson);
}

/** What the last weeks' look-backs opened with; to count it anew for each pack would be to read the whole ledger. */
async function thatHelped(
  { tables, artifacts }: Pick<UnitOfWork, 'tables' | 'artifacts'>,
  projectId: string,
): Promise<ReadonlySet<string>> {
  const weeks = await tables.find('retrospectives', { projectId }, { orderBy: '-until', limit: MAX_WEEKS });
  const said = await Promise.all(weeks.map((week) => contentOfHeld({ artifacts }, week)));
  return new Set(said.flatMap((content) => content?.retrospective.better?.lessonId ?? []));
}

/**
 * The same thinking, which records that the lessons of this pack were given (`lesson.used`) in the transaction that
 * records the question which holds them. So there is no use without a question, and none where an answer of an earlier
 * go, which had a pack of its own before it, is used again. Waiting for the end of the step would lose the uses of steps
 * that fail, and those are the very ones that tell whether a lesson does anything. A step that goes again with the same
 * pack finds the fact there.
 */
export function recordingLessons(thinking: ThinkDependencies, task: Task, pack: Pack): ThinkDependencies {
  const lessonIds = pack.included.flatMap(({ lessonId }) => lessonId ?? []);
  if (lessonIds.length === 0) return thinking;
  const { calls, clock } = thinking;
  return {
    ...thinking,
    calls: {
      ...calls,
      ask: (request, options) =>
        calls.ask(request, {
          ...options,
          ...(holds(request, pack) ? { beside: (into) => recordUse(into, { task, pack, lessonIds, clock }) } : {}),
        }),
    },
  };
}

/** A request that an earlier go left may hold the pack of that go. */
function holds({ messages }: ModelRequest, { text }: Pack): boolean {
  return messages.some((message) => message.role === 'user' && message.text.includes(text));
}

async function recordUse(
  transaction: Transaction,
  { task, pack, lessonIds, clock }: { task: Task; pack: Pack; lessonIds: string[]; clock: Clock },
): Promise<void> {
  const { persona, step, artifact } = pack;
  const { taskId, attempt } = task;
  const runId = task.run?.runId ?? taskId;
  const stream = lessonUsesStream(taskId);
  const before = await transaction.events(stream);
  const isKnown = before.some(
    (event) =>
      isEvent(event, 'lesson.used') &&
      event.artifact === artifact.hash &&
      event.runId === runId &&
      event.body.attempt === attempt &&
      event.body.step === step,
  );
  if (isKnown) return;
  transaction.putArtifact(artifact);
  const meta = { actor: 'factory', at: clock.now().toISOString(), cause: null };
  const body = { taskId, runId, attempt, step, persona, lessonIds };
  const options = { agent: persona, artifact: artifact.hash, runId };
  transaction.append(stream, before.length, [taskEvent(task, meta, 'lesson.used', body, options)]);
}
