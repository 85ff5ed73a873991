import { FactoryError } from '#src/errors.ts';
import { jsonArtifact } from '#src/ledger/artifact.ts';
import type { Clock } from '#src/ports/clock.ts';
import type { Ids } from '#src/ports/ids.ts';
import type { Transaction, UnitOfWork } from '#src/ports/unit-of-work.ts';
import { retryMoved } from '#src/ports/retry-moved.ts';
import { waitForLock } from '#src/ports/wait-for-lock.ts';
import { decideSprint, foldSprint, sprintStream } from './sprint.ts';
import type { Sprint } from './sprint.ts';

/** A goal is a sentence, not a plan. */
const GOAL_CHARACTERS = 200;
/** Of a sprint that was opened without one. */
const NO_GOAL = 'No goal named yet';

interface Tools {
  unitOfWork: UnitOfWork;
  clock: Clock;
  ids: Ids;
}

interface StartedSprint {
  number: number;
  /** false: it was open already. */
  isNew: boolean;
  /** Its goal is another one now. */
  isGoalChanged: boolean;
  /** Tasks that came over from the sprint before. */
  carriedOver: number;
}

/** Opens the project's sprint, or gives the open one another goal. `goal` null: none was named. FactoryError `goal-too-long`. */
export async function startSprint(
  tools: Tools,
  { projectId, goal, actor }: { projectId: string; goal: string | null; actor: string },
): Promise<StartedSprint> {
  const named = goal === null ? null : readGoal(goal);
  return alone(tools, projectId, async (transaction) => {
    const newest = await newestSprint(transaction, projectId);
    if (newest?.status !== 'open') {
      const opened = await openSprint(transaction, tools, { projectId, goal: named ?? NO_GOAL, actor });
      return { number: opened.number, isNew: true, isGoalChanged: false, carriedOver: opened.carriedOver };
    }
    const artifact = named === null ? null : goalArtifact(newest.id, named);
    const meta = { actor, at: tools.clock.now().toISOString() };
    const events = artifact === null ? [] : decideSprint({ type: 'change-goal', goal: artifact.hash }, newest, meta);
    if (artifact !== null && events.length > 0) {
      transaction.putArtifact(artifact);
      transaction.append(sprintStream(newest.id), newest.position, events);
    }
    return { number: newest.number, isNew: false, isGoalChanged: events.length > 0, carriedOver: 0 };
  });
}

/** Ends a sprint for good. What has not ended goes on, and is the next one's. FactoryError `not-a-person`, `no-sprint-open`, `sprint-closed`. */
export async function closeSprint(
  tools: Tools,
  { projectId, sprintId, actor }: { projectId: string; sprintId: string; actor: string },
): Promise<void> {
  await alone(tools, projectId, async (transaction) => {
    const newest = await newestSprint(transaction, projectId);
    const tasks = await transaction.tables.find('story_tasks', { sprintId }, { orderBy: 'number' });
    const meta = { actor, at: tools.clock.now().toISOString() };
    const events = decideSprint({ type: 'close', sprintId, tasks }, newest, meta);
    transaction.append(sprintStream(sprintId), newest?.position ?? 0, events);
  });
}

/** Within the project's lock: the open sprint, or a new one with what the last one left unfinished. */
export async function sprintToCommitInto(
  transaction: Transaction,
  tools: Pick<Tools, 'clock' | 'ids'>,
  request: { projectId: string; goal: string; actor: string },
): Promise<string> {
  const newest = await newestSprint(transaction, request.projectId);
  if (newest?.status === 'open') return newest.id;
  return (await openSprint(transaction, tools, request)).id;
}

async function openSprint(
  transaction: Transaction,
  { clock, ids }: Pick<Tools, 'clock' | 'ids'>,
  { projectId, goal, actor }: { projectId: string; goal: string; actor: string },
): Promise<{ id: string; number: number; carriedOver: number }> {
  const newest = await newestSprint(transaction, projectId);
  const tasks =
    newest === null || newest.unfinished.length === 0
      ? []
      : await transaction.tables.find('story_tasks', { id: newest.unfinished });
  const sprintId = ids.next();
  const artifact = goalArtifact(sprintId, goal);
  const command = { type: 'start', sprintId, projectId, goal: artifact.hash, tasks } as const;
  const events = decideSprint(command, newest, { actor, at: clock.now().toISOString() });
  transaction.putArtifact(artifact);
  transaction.append(sprintStream(sprintId), 0, events);
  const carriedOver = events.flatMap(({ type, body }) =>
    type === 'sprint.started' && 'carriedOver' in body ? (body.carriedOver ?? []) : [],
  );
  return { id: sprintId, number: (newest?.number ?? 0) + 1, carriedOver: carriedOver.length };
}

async function newestSprint(transaction: Transaction, projectId: string): Promise<Sprint | null> {
  const [row] = await transaction.tables.find('sprints', { projectId }, { orderBy: '-number', limit: 1 });
  return row === undefined ? null : foldSprint(await transaction.events(sprintStream(row.id)));
}

function readGoal(text: string): string {
  const goal = text.replaceAll(/\s+/g, ' ').trim();
  if (goal.length <= GOAL_CHARACTERS) return goal;
  throw new FactoryError('goal-too-long', `A goal of ${goal.length} characters is more than a card can hold.`, {
    fix: `Say it in one sentence of at most ${GOAL_CHARACTERS}.`,
  });
}

/** Of one sprint alone, so that words which are erased in one stay in the others. */
const goalArtifact = (sprintId: string, goal: string) => jsonArtifact('sprint-goal', { goal, sprintId });

/** A commit and a close at once would leave the story in no sprint that is open. */
function alone<T>(
  { unitOfWork }: Pick<Tools, 'unitOfWork'>,
  projectId: string,
  work: (transaction: Transaction) => Promise<T>,
): Promise<T> {
  return waitForLock(unitOfWork, `project:${projectId}`, () => retryMoved(() => unitOfWork.transact(work)));
}
