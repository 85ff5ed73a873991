import type { LessonRow } from '#src/ledger/reflection-rows.ts';
import type { PostDraft } from '#src/ports/chat.ts';
import { isInForce } from '#src/reflection/lessons/lesson.ts';
import { peopleOf } from '#src/review/rights.ts';
import { lessonCard } from './cards/lesson-card.ts';
import type { LessonFacts } from './cards/lesson-card.ts';
import type { DeskTools } from './desk-tools.ts';
import { by, post } from './redraw.ts';
import type { Views } from './redraw.ts';

/** What starts the key of a lesson's post. */
const LESSON = 'lesson:';

/** The lesson that a post asks about, by the key of the post; null: it asks about something else. */
export function lessonOf(key: string): string | null {
  return key.startsWith(LESSON) ? key.slice(LESSON.length) : null;
}

type LessonViews = Pick<Views, 'tables' | 'ledger' | 'clock'>;

/** A lesson that a person told, in the project's channel; edited to its outcome. Others stand on a retrospective's card. */
export async function drawLesson(
  views: LessonViews & Pick<DeskTools, 'approvers'>,
  lessonId: string,
): Promise<PostDraft[]> {
  const lesson = await views.tables.get('lessons', lessonId);
  if (lesson === null || lesson.origin !== 'told') return [];
  const drawn = lessonCard(lesson, await lessonFacts(views, lesson));
  const thread = { kind: 'project', id: lesson.projectId } as const;
  return [post(`${LESSON}${lessonId}`, thread, by('moltbot'), drawn, await whomToAsk(views, lesson))];
}

/** An approver who told it accepts it in the same breath, so nobody is called for that. */
async function whomToAsk({ approvers }: Pick<DeskTools, 'approvers'>, lesson: LessonRow): Promise<string[]> {
  if (lesson.status !== 'proposed') return [];
  const { approvers: named, members = new Map() } = await approvers();
  return peopleOf(named, members).includes(lesson.proposedBy) ? [] : [...named];
}

/** What speaks for a lesson, and while it is open, what against it. */
export async function lessonFacts({ tables, ledger, clock }: LessonViews, lesson: LessonRow): Promise<LessonFacts> {
  const at = clock.now();
  const isOpen = ({ status }: LessonRow): boolean => status === 'proposed' || status === 'accepted';
  const others = isOpen(lesson) ? await tables.find('lessons', { id: lesson.conflictsWith }) : [];
  return {
    at,
    conflicts: others.filter((other) => other.status === 'proposed' || isInForce(other, at)),
    tasks: await tasksOf({ tables, ledger }, lesson),
  };
}

/** A failure that comes a thousand times is told by its first events as well. */
const MAX_EVENTS = 100;

async function tasksOf({ tables, ledger }: Pick<Views, 'tables' | 'ledger'>, { evidence }: LessonRow) {
  const ids = new Set<string>();
  for (const seq of evidence.slice(0, MAX_EVENTS)) {
    const [event] = await ledger.read(seq - 1, 1);
    if (event?.taskId != null) ids.add(event.taskId);
  }
  return ids.size === 0 ? [] : tables.find('story_tasks', { id: [...ids] }, { orderBy: 'number' });
}
