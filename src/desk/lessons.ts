import { FactoryError } from '#src/errors.ts';
import type { LessonRow } from '#src/ledger/reflection-rows.ts';
import type { DeskAnswer, DeskCommand, Message, Post } from '#src/ports/chat.ts';
import { decideOnLesson, offerLesson } from '#src/reflection/lessons/keep-lessons.ts';
import { isInForce } from '#src/reflection/lessons/lesson.ts';
import { NO_APPROVER } from '#src/review/rights.ts';
import { isApprover } from './approver.ts';
import { dayWords, forWhom } from './cards/lesson-card.ts';
import type { DeskTools } from './desk-tools.ts';
import { lessonFacts } from './draw-lessons.ts';
import type { LessonWord } from './lesson-words.ts';
import { postLessons, redrawLessons } from './list-lessons.ts';
import { oneLine } from './one-line.ts';

type Tools = Pick<DeskTools, 'unitOfWork' | 'posts' | 'people' | 'clock' | 'ids' | 'approvers'>;

/** `remember: …` and `lessons`, in whatever thread of the project. */
export async function answerLessonWord(
  tools: Tools,
  message: Message,
  projectId: string,
  word: LessonWord,
): Promise<DeskAnswer> {
  return word.type === 'list'
    ? postLessons(tools, message, projectId)
    : remember(tools, { actor: message.actor, projectId, word });
}

/** Anybody who may speak may tell a lesson; what an approver tells counts at once, and the rest waits for one. */
async function remember(
  tools: Tools,
  { actor, projectId, word }: { actor: string; projectId: string; word: LessonWord & { type: 'remember' } },
): Promise<DeskAnswer> {
  const { scope, text } = word;
  const { lesson, outcome } = await offerLesson(
    tools,
    { projectId, origin: 'told', kind: 'rule', scope, about: null, text, evidence: [] },
    actor,
  );
  if (outcome === 'refused') {
    const why = lesson.suspicions.map(oneLine).join(' ');
    return { ok: false, text: `That looks suspicious, so nothing uses it; a card says so. ${why}` };
  }
  const { ok, note } = await isApprover(tools, actor);
  const kept = ok ? await decideOnLesson(tools, { lessonId: lesson.id, actor, decision: { type: 'accept' } }) : lesson;
  const said = [
    outcome === 'supported' ? `There is such a lesson: “${oneLine(kept.text)}”` : null,
    await standing(tools, kept),
    ok ? null : note,
    ...(await conflictWords(tools, kept)),
  ];
  return { ok: true, text: said.filter((part) => part !== null).join(' ') };
}

async function standing(tools: Tools, lesson: LessonRow): Promise<string> {
  const { number, expiresAt } = lesson;
  if (isInForce(lesson, tools.clock.now()))
    return `Lesson ${number}, for ${forWhom(lesson)}, counts until ${dayWords(expiresAt)}.`;
  const over = expiresAt === null ? '' : ` It counted until ${dayWords(expiresAt)}.`;
  return `Lesson ${number}, for ${forWhom(lesson)}, waits for a yes.${over} Ask ${await whom(tools)}.`;
}

async function conflictWords(tools: Tools, lesson: LessonRow): Promise<string[]> {
  const { conflicts = [] } = await lessonFacts({ ...tools.unitOfWork, clock: tools.clock }, lesson);
  return conflicts.map(({ number, text }) => `It seems to contradict lesson ${number}: “${oneLine(text)}”`);
}

/**
 * A person decided on a card; `post` is the one that they pressed on. FactoryError `not-an-approver`, and those of
 * `decideOnLesson`.
 */
export async function decideLesson(
  tools: Tools,
  { lessonId, decision }: DeskCommand & { type: 'decide-lesson' },
  { actor, input, post }: { actor: string; input: string; post: Post },
): Promise<void> {
  const { ok, note } = await isApprover(tools, actor);
  if (!ok) {
    throw new FactoryError('not-an-approver', `Only an approver decides what is learned, and ${actor} is none.`, {
      fix: [note, `Ask ${await whom(tools)}.`].filter((part) => part !== null).join(' '),
    });
  }
  const { projectId } = await decideOnLesson(tools, {
    lessonId,
    actor,
    decision: decision === 'edit' ? { type: decision, text: input } : { type: decision },
  });
  await redrawLessons(tools, post, projectId);
}

async function whom({ approvers }: Pick<DeskTools, 'approvers'>): Promise<string> {
  const { approvers: named } = await approvers();
  return named.length === 0 ? NO_APPROVER : named.join(' or ');
}
