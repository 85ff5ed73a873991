import type { StoryTaskRow } from '#src/ledger/rows.ts';
import type { Clock } from '#src/ports/clock.ts';
import type { Log } from '#src/ports/log.ts';
import type { UnitOfWork } from '#src/ports/unit-of-work.ts';
import { haltNow } from './halt-watch.ts';
import { endedStatuses, nextStep, taskStatuses } from './task-status.ts';

/**
 * What nobody tells the factory when it comes: a sandbox that works again, a clean clone, room on the disk, a model that
 * answers, a new day's budget, the end of the forge's own checks, a review there.
 */
const OUTSIDE_KINDS = ['sandbox', 'repository', 'dirty-clone', 'disk', 'model', 'budget', 'checks', 'review'];
const LOOK_EVERY_MS = 5000;
const SHORTEST_WAIT_MS = 15_000;
const LONGEST_WAIT_MS = 600_000;
/** A step that is worked on may be silent for so long; one that nobody works on has lost its wake by then. */
const LOST_AFTER_MS = 15 * 60_000;
/** A long backlog is untouched too, and its wakes are where they belong. */
const LOST_AT_ONCE = 20;
const DAY_MS = 86_400_000;

export interface Waker {
  /** Wakes what is due now, and says how many tasks that were. */
  look(): Promise<number>;
  stop(): Promise<void>;
}

/**
 * Looks again after tasks that wait for something outside, after those in review on a forge, and after those with a step
 * to do that nobody has touched for long: a queue may lose a wake. The longer one has waited the rarer, because each look is a call or a pass, and each pass is a fact in the ledger: after 15 s at first,
 * every ten minutes in the end.
 */
export function startWaker({
  unitOfWork,
  clock,
  lane,
  log,
}: {
  unitOfWork: UnitOfWork;
  clock: Clock;
  lane: string;
  log: Log;
}): Waker {
  const lastWake = new Map<string, number>();
  const open = taskStatuses.filter((status) => !endedStatuses.includes(status));
  const withStep = open.filter((status) => nextStep[status] !== null);
  let running: Promise<unknown> = Promise.resolve();

  const isDue = ({ id, updatedAt, waitingKind }: StoryTaskRow, nowMs: number): boolean => {
    const sinceMs = Date.parse(updatedAt);
    // Only a new day fills a budget up by itself; a person's yes wakes the task of its own.
    if (waitingKind === 'budget') return utcDay(nowMs) > utcDay(Math.max(sinceMs, lastWake.get(id) ?? 0));
    const waitMs = Math.min(LONGEST_WAIT_MS, Math.max(SHORTEST_WAIT_MS, (nowMs - sinceMs) / 10));
    return nowMs - Math.max(sinceMs, lastWake.get(id) ?? 0) >= waitMs;
  };
  const look = async (): Promise<number> => {
    // Nobody would take these wakes, and each would lie in the queue.
    if ((await haltNow(unitOfWork.ledger)) !== null) return 0;
    const waiting = await unitOfWork.tables.find('story_tasks', {
      state: open,
      waitingKind: OUTSIDE_KINDS,
      paused: false,
    });
    const nowMs = clock.now().getTime();
    const untouched = await unitOfWork.tables.find(
      'story_tasks',
      { state: withStep, waitingKind: null, paused: false },
      { orderBy: 'updatedAt', limit: LOST_AT_ONCE },
    );
    const lost = untouched.filter(({ updatedAt }) => nowMs - Date.parse(updatedAt) >= LOST_AFTER_MS);
    const rows = [...waiting, ...lost, ...(await inReviewElsewhere(unitOfWork))];
    const due = rows.filter((row) => isDue(row, nowMs));
    if (due.length > 0) {
      await unitOfWork.transact(async (transaction) => {
        for (const { id } of due) transaction.wake(lane, id);
      });
    }
    for (const { id } of due) lastWake.set(id, nowMs);
    return due.length;
  };
  const timer = setInterval(() => {
    running = look().catch((error: unknown) =>
      log.warn({ lane, error: String(error) }, 'could not look after waiting tasks; it is tried again'),
    );
  }, LOOK_EVERY_MS);
  return {
    look,
    async stop() {
      clearInterval(timer);
      await running;
    },
  };
}

/** People may close, merge or push to what is in review on a forge, or open again what they closed, and no webhook may tell. */
async function inReviewElsewhere({ tables }: UnitOfWork): Promise<StoryTaskRow[]> {
  const inReview = await tables.find('story_tasks', { state: 'in-review', paused: false });
  const rows = [...inReview, ...(await closedByHand(tables))];
  if (rows.length === 0) return rows;
  const repos = await tables.find('git_repos', { id: [...new Set(rows.map(({ repoId }) => repoId))] });
  const elsewhere = new Set(repos.flatMap(({ id, forge }) => (forge === 'local' ? [] : [id])));
  return rows.filter(({ repoId }) => elsewhere.has(repoId));
}

/** Blocked, and its pull request was closed: most of them by whoever closed it. */
async function closedByHand(tables: UnitOfWork['tables']): Promise<StoryTaskRow[]> {
  const blocked = await tables.find('story_tasks', { state: 'blocked', paused: false });
  if (blocked.length === 0) return blocked;
  const closed = await tables.find('pull_requests', { taskId: blocked.map(({ id }) => id), state: 'closed' });
  const ids = new Set(closed.map(({ taskId }) => taskId));
  return blocked.filter(({ id }) => ids.has(id));
}

/** Days since 1970, as budgets count them. */
function utcDay(timeMs: number): number {
  return Math.floor(timeMs / DAY_MS);
}
