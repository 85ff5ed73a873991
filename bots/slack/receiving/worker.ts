import { startInboxWorker as startWorker } from '#bots/receiving/inbox-worker.ts';
import type { InboxWorker } from '#bots/receiving/inbox-worker.ts';
import type { Clock } from '#src/ports/clock.ts';
import type { Log } from '#src/ports/log.ts';
import type { Inbox } from '#src/ports/unit-of-work.ts';
import { receiptOf } from './delivery.ts';

/** Slack's deliveries: words of one thread in their order, and what a person presses at once. */
export function startInboxWorker(deps: {
  inbox: Inbox;
  clock: Clock;
  log: Log;
  handle: (body: unknown) => Promise<void>;
}): InboxWorker {
  return startWorker({ surface: 'slack', receiptOf, ...deps });
}
