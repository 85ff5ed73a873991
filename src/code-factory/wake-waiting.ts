import type { StoryTaskRow } from '#src/ledger/rows.ts';
import type { Clock } from '#src/ports/clock.ts';
import type { Log } from '#src/ports/log.ts';
import type { UnitOfWork } from '#src/ports/unit-of-work.ts';
import { endedStatuses, taskStatuses } from './task-status.ts';

/** What nobody tells the factory when it comes: a sandbox that works again, a clone that is clean, room on the disk. */
const OUTSIDE_KINDS = ['sandbox', 'repository', 'dirty-clone', 'disk'];
const LOOK_EVERY_MS = 5000;
const SHORTEST_WAIT_MS = 15_000;
const LONGEST_WAIT_MS = 600_000;

export interface Waker {
  /** Wakes what is due now, and says how many tasks that were. */
  look(): Promise<number>;
  stop(): Promise<void>;
}

/**
 * Looks again after tasks that wait for something outside. The longer one has waited the rarer, because each look is a
 * pass and each pass is a fact in the ledger: after 15 s at first, every ten minutes in the end.
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
  let running: Promise<unknown> = Promise.resolve();

  const isDue = ({ id, updatedAt }: StoryTaskRow, nowMs: number): boolean => {
    const sinceMs = Date.parse(updatedAt);
    const waitMs = Math.min(LONGEST_WAIT_MS, Math.max(SHORTEST_WAIT_MS, (nowMs - sinceMs) / 10));
    return nowMs - Math.max(sinceMs, lastWake.get(id) ?? 0) >= waitMs;
  };
  const look = async (): Promise<number> => {
    const rows = await unitOfWork.tables.find('story_tasks', {
      state: open,
      waitingKind: OUTSIDE_KINDS,
      paused: false,
    });
    const nowMs = clock.now().getTime();
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
