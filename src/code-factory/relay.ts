import { keepGoing } from '#src/ports/keep-going.ts';
import type { Rounds } from '#src/ports/keep-going.ts';
import type { Log } from '#src/ports/log.ts';
import type { Queue } from '#src/ports/queue.ts';
import type { Outbox } from '#src/ports/unit-of-work.ts';

const BATCH = 100;
/** How long a wake that another process committed may lie before this one finds it. */
const POLL_MS = 1000;

/** Carries wakes from the outbox into the queue. A wake sent twice has one job, because the job bears the outbox id. */
export function startRelay({
  outbox,
  queue,
  lane,
  log,
}: {
  outbox: Outbox;
  queue: Queue;
  lane: string;
  log: Log;
}): Rounds {
  return keepGoing({
    everyMs: POLL_MS,
    async round() {
      for (;;) {
        const wakes = await outbox.pending(lane, BATCH);
        for (const wake of wakes) await queue.enqueue(wake.id, { taskId: wake.taskId });
        if (wakes.length > 0) await outbox.sent(wakes.map((wake) => wake.id));
        if (wakes.length < BATCH) return;
      }
    },
    onError: (error) => log.error({ lane, error: String(error) }, 'the outbox could not be emptied; it is tried again'),
  });
}
