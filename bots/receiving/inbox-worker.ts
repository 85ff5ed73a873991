import type { Clock } from '#src/ports/clock.ts';
import { keepGoing } from '#src/ports/keep-going.ts';
import type { Log } from '#src/ports/log.ts';
import type { Inbox } from '#src/ports/unit-of-work.ts';
import { createLanes } from './lanes.ts';
import type { Place, Work } from './lanes.ts';

/** Looks for what a process that died has left; what comes in here is worked on at once. */
const POLL_MS = 5_000;
const BATCH = 200;
const PAUSES_MS = [200, 1_000];
/** A body that was tried in vain is let lie this long; what it needs may come back. */
const REST_MS = 10 * 60_000;

/** How a body is kept apart from all others, and what it has to wait for. */
export interface Receipt extends Place {
  /** Unique: surface, app and event id. */
  key: string;
}

export interface InboxWorker {
  /** Durable once it returns; worked on soon after. */
  accept(body: unknown): Promise<void>;
  /** Waits until everything that was accepted so far was worked on. */
  settle(): Promise<void>;
  stop(): Promise<void>;
}

/**
 * Takes bodies in and works on them: those of one lane in their order, several lanes beside each other, and what is
 * urgent at once. What was accepted before the process died is worked on after its start.
 */
export function startInboxWorker({
  surface,
  receiptOf,
  inbox,
  clock,
  log,
  handle,
}: {
  /** Where the bodies come from: each has an inbox of its own. */
  surface: string;
  receiptOf: (body: unknown) => Receipt;
  inbox: Inbox;
  clock: Clock;
  log: Log;
  handle: (body: unknown) => Promise<void>;
}): InboxWorker {
  const lanes = createLanes();
  /** Being worked on, or resting after failures. */
  const taken = new Set<string>();
  /** Done, and perhaps still in the answer to a look that began before. */
  const ended: string[] = [];
  const pauses = new Map<NodeJS.Timeout, () => void>();
  let stopped = false;

  const after = (waitMs: number, then: () => void): void => {
    const timer = setTimeout(() => {
      pauses.delete(timer);
      then();
    }, waitMs);
    pauses.set(timer, then);
  };

  const workOn = async (key: string, body: unknown): Promise<void> => {
    for (let tries = 0; !stopped; tries += 1) {
      try {
        await handle(body);
        await inbox.done(key);
        ended.push(key);
        return;
      } catch (error) {
        log.error({ surface, key, tries, error: String(error) }, 'a delivery could not be worked on');
        const pauseMs = PAUSES_MS[tries];
        if (pauseMs === undefined) {
          after(REST_MS, () => taken.delete(key));
          return;
        }
        await new Promise<void>((resolve) => {
          after(pauseMs, resolve);
        });
      }
    }
  };
  /** null: it is worked on already. */
  const claim = ({ key }: Receipt, body: unknown): Work | null => {
    if (stopped || taken.has(key)) return null;
    taken.add(key);
    return () => workOn(key, body);
  };

  const left = keepGoing({
    everyMs: POLL_MS,
    async round() {
      const forgotten = ended.splice(0);
      try {
        for (const { payload } of await inbox.pending(surface, BATCH)) {
          const body: unknown = JSON.parse(payload);
          const receipt = receiptOf(body);
          lanes.add(receipt, Promise.resolve(claim(receipt, body)));
        }
      } finally {
        for (const key of forgotten) taken.delete(key);
      }
    },
    onError: (error) => log.error({ surface, error: String(error) }, 'the inbox could not be read; tried again'),
  });
  return {
    async accept(body) {
      const receipt = receiptOf(body);
      const receivedAt = clock.now().toISOString();
      const payload = JSON.stringify(body);
      const kept = inbox.accept({ key: receipt.key, surface, payload, receivedAt });
      // Its place is kept before it is durable: of two that come together either may be written first.
      const work = kept.then((accepted) => (accepted === 'accepted' ? claim(receipt, body) : null));
      lanes.add(
        receipt,
        work.catch(() => null),
      );
      await kept;
    },
    async settle() {
      await left.settle();
      await lanes.settle();
    },
    async stop() {
      stopped = true;
      await left.stop();
      for (const [timer, then] of pauses) {
        clearTimeout(timer);
        then();
      }
      await lanes.settle();
    },
  };
}
