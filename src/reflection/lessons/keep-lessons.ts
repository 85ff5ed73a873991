import { FactoryError } from '#src/errors.ts';
import { jsonArtifact } from '#src/ledger/artifact.ts';
import type { Artifact } from '#src/ledger/artifact.ts';
import type { EventDraft } from '#src/ledger/event.ts';
import type { LessonRow } from '#src/ledger/reflection-rows.ts';
import type { Clock } from '#src/ports/clock.ts';
import type { Ids } from '#src/ports/ids.ts';
import { retryMoved } from '#src/ports/retry-moved.ts';
import type { Transaction, UnitOfWork } from '#src/ports/unit-of-work.ts';
import type { Share } from '../statistics.ts';
import { decideLesson } from './decide-lesson.ts';
import type { LessonCommand } from './decide-lesson.ts';
import { decideOffer } from './decide-offer.ts';
import type { Offered, Shown } from './decide-offer.ts';
import { foldLessons } from './fold-lessons.ts';
import type { LessonBook } from './fold-lessons.ts';
import { judgeLesson } from './judge-lesson.ts';
import { judgeScope } from './judge-scope.ts';
import { lessonsStream } from './lesson.ts';
import type { LessonKind, LessonProposal, LessonScope } from './lesson.ts';

interface Tools {
  unitOfWork: UnitOfWork;
  clock: Clock;
  ids: Ids;
}

/** What a person makes of a lesson. `edit` accepts it in those words; `keep` answers a proposed retirement. */
export type LessonDecision =
  | { type: 'accept' }
  | { type: 'decline' }
  | { type: 'edit'; text: string; kind?: LessonKind; scope?: LessonScope }
  | { type: 'retire' }
  | { type: 'keep' };

/**
 * Takes in something to learn. `supported`: there is such a lesson already, and `lesson` is that one, whatever its
 * status. `refused`: it reads like an order to set rules aside. Throws FactoryError for words and scopes that a person
 * can mend, `lesson-not-yours`, and `lesson-needs-evidence`.
 */
export async function offerLesson(
  { unitOfWork, clock, ids }: Tools,
  proposal: LessonProposal,
  actor: string,
): Promise<{ lesson: LessonRow; outcome: Offered['outcome'] }> {
  const { projectId } = proposal;
  judgeScope(proposal.scope);
  const lessonId = ids.next();
  const { artifact, words } = kept(lessonId, proposal.text);
  const shown = await lookUp(unitOfWork, proposal);
  const offered = await retryMoved(() =>
    unitOfWork.transact(async (transaction) => {
      const book = await openBook(transaction, projectId);
      const meta = { actor, at: clock.now().toISOString() };
      const decided = decideOffer({ lessonId, proposal, words, shown }, book, meta);
      write(transaction, { projectId, book, artifact }, decided.events);
      return decided;
    }),
  );
  return { lesson: await requireLesson(unitOfWork, offered.lessonId), outcome: offered.outcome };
}

/**
 * Records what a person decides on a lesson. Whether they are an approver is for the caller to ask. Deciding what is
 * decided already changes nothing. Throws FactoryError `not-a-person`, `lesson-unknown`, `lesson-over`,
 * `lesson-accepted`, `lesson-not-accepted`, `lesson-known`, `lesson-refused`, and for words that a person can mend.
 */
export async function decideOnLesson(
  tools: Pick<Tools, 'unitOfWork' | 'clock'>,
  { lessonId, actor, decision }: { lessonId: string; actor: string; decision: LessonDecision },
): Promise<LessonRow> {
  if (decision.type !== 'edit') return decide(tools, { type: decision.type, lessonId }, { actor });
  const { text, ...rest } = decision;
  if (rest.scope !== undefined) judgeScope(rest.scope);
  const { artifact, words } = kept(lessonId, text);
  return decide(tools, { ...rest, lessonId, words }, { actor, artifact });
}

/** Asks people whether a lesson may go, once. `before` and `after`: tasks with its failure, of tasks that could have it. */
export async function proposeRetirement(
  tools: Pick<Tools, 'unitOfWork' | 'clock'>,
  { lessonId, before, after }: { lessonId: string; before: Share; after: Share },
): Promise<LessonRow> {
  return decide(tools, { type: 'propose-retirement', lessonId, before, after }, { actor: 'persona:moltbot' });
}

async function decide(
  { unitOfWork, clock }: Pick<Tools, 'unitOfWork' | 'clock'>,
  command: LessonCommand,
  { actor, artifact = null }: { actor: string; artifact?: Artifact | null },
): Promise<LessonRow> {
  const { projectId } = await requireLesson(unitOfWork, command.lessonId);
  await retryMoved(() =>
    unitOfWork.transact(async (transaction) => {
      const book = await openBook(transaction, projectId);
      const events = decideLesson(command, book, { actor, at: clock.now().toISOString() });
      write(transaction, { projectId, book, artifact }, events);
    }),
  );
  return requireLesson(unitOfWork, command.lessonId);
}

async function openBook(transaction: Transaction, projectId: string): Promise<LessonBook> {
  const events = await transaction.events(lessonsStream(projectId));
  const rows = await transaction.tables.find('lessons', { projectId });
  return foldLessons(events, new Map(rows.map(({ textArtifact, text }) => [textArtifact, text])));
}

function write(
  transaction: Transaction,
  { projectId, book, artifact }: { projectId: string; book: LessonBook; artifact: Artifact | null },
  events: readonly EventDraft[],
): void {
  if (events.length === 0) return;
  if (artifact !== null && events.some((event) => event.artifact === artifact.hash)) transaction.putArtifact(artifact);
  transaction.append(lessonsStream(projectId), book.position, events);
}

/** Of one lesson alone, so that words which are erased in one stay in the others. A secret is not in it. */
function kept(lessonId: string, told: string) {
  const judged = judgeLesson(told);
  const artifact = jsonArtifact('lesson', { lessonId, text: judged.text });
  return { artifact, words: { ...judged, artifact: artifact.hash } };
}

async function lookUp(unitOfWork: UnitOfWork, { projectId, evidence }: LessonProposal): Promise<Shown[]> {
  const shown: Shown[] = [];
  for (const seq of new Set(evidence)) {
    const [event] = await unitOfWork.ledger.read(seq - 1, 1);
    if (event?.seq !== seq || event.taskId === null) continue;
    const task = await unitOfWork.tables.get('story_tasks', event.taskId);
    if (task?.projectId !== projectId) continue;
    shown.push({ seq, taskId: task.id, conversationId: task.conversationId });
  }
  return shown;
}

async function requireLesson({ tables }: UnitOfWork, lessonId: string): Promise<LessonRow> {
  const lesson = await tables.get('lessons', lessonId);
  if (lesson !== null) return lesson;
  throw new FactoryError('lesson-unknown', 'There is no such lesson.', {
    fix: 'Say `lessons` to see those that there are.',
  });
}
