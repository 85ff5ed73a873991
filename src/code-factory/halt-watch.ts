import { textArtifact } from '#src/ledger/artifact.ts';
import type { RecordedEvent } from '#src/ledger/event.ts';
import { storableText } from '#src/ledger/storable.ts';
import type { Clock } from '#src/ports/clock.ts';
import { retryMoved } from '#src/ports/retry-moved.ts';
import type { LedgerReader, Transaction, UnitOfWork } from '#src/ports/unit-of-work.ts';
import { decideHalt, FACTORY_STREAM, haltedError, standingHalt } from './halt.ts';
import type { Halt } from './halt.ts';

/** How often work that is under way looks whether a person halted the factory, in whichever process. */
const HALT_POLL_MS = 250;

type Ledger = Pick<LedgerReader, 'stream'>;

/** The halt that stands now; null: work goes on. */
export async function haltNow(ledger: Ledger): Promise<Halt | null> {
  return standingHalt(await ledger.stream(FACTORY_STREAM));
}

/** Throws FactoryError `factory-halted` while a halt stands. */
export async function requireGoing(source: Ledger | Pick<Transaction, 'events'>): Promise<void> {
  const events: RecordedEvent[] =
    'events' in source ? await source.events(FACTORY_STREAM) : await source.stream(FACTORY_STREAM);
  const halt = standingHalt(events);
  if (halt !== null) throw haltedError(halt);
}

/** Halts or resumes. Asked again, or by two at once, it is recorded once. Answers how things stand, and whether it was this that changed them. */
export async function recordHalt(
  { unitOfWork, clock }: { unitOfWork: Pick<UnitOfWork, 'transact'>; clock: Clock },
  ask: { actor: string; originId: string | null } & ({ type: 'halt'; reason: string | null } | { type: 'resume' }),
): Promise<{ halt: Halt | null; isNew: boolean }> {
  return retryMoved(() =>
    unitOfWork.transact(async (transaction) => {
      const events = await transaction.events(FACTORY_STREAM);
      const words =
        ask.type === 'halt' && ask.reason !== null
          ? textArtifact('comment', 'text/plain', storableText(ask.reason))
          : null;
      const meta = { actor: ask.actor, at: clock.now().toISOString(), cause: null, originId: ask.originId };
      const command = ask.type === 'halt' ? { type: ask.type, reason: words?.hash ?? null } : { type: ask.type };
      const drafts = decideHalt(command, events, meta);
      if (drafts.length > 0 && words !== null) transaction.putArtifact(words);
      transaction.append(FACTORY_STREAM, events.length, drafts);
      return { halt: standingHalt(await transaction.events(FACTORY_STREAM)), isNew: drafts.length > 0 };
    }),
  );
}

/** Waits while a halt stands, or until `signal` fires. What is asked of a worker meanwhile waits in its queue. */
export async function untilGoing(ledger: Ledger, signal: AbortSignal): Promise<void> {
  while (!signal.aborted && (await haltNow(ledger)) !== null) {
    await new Promise<void>((resolve) => {
      const timer = setTimeout(done, HALT_POLL_MS);
      function done(): void {
        clearTimeout(timer);
        signal.removeEventListener('abort', done);
        resolve();
      }
      signal.addEventListener('abort', done, { once: true });
    });
  }
}

/**
 * Does `work` under a signal that fires when the factory is halted, or when `outer` does. What a halt cut short throws
 * FactoryError `factory-halted`.
 */
export async function cutByHalt<T>(
  ledger: Ledger,
  outer: AbortSignal,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  await requireGoing(ledger);
  const halted = new AbortController();
  const poll = setInterval(() => {
    haltNow(ledger)
      .then((halt) => {
        if (halt !== null) halted.abort(haltedError(halt));
      })
      // The next look is a quarter of a second away; a store that is gone ends the work by itself.
      .catch(() => {});
  }, HALT_POLL_MS);
  try {
    return await work(AbortSignal.any([halted.signal, outer]));
  } catch (error) {
    if (halted.signal.aborted && !outer.aborted) throw halted.signal.reason;
    throw error;
  } finally {
    clearInterval(poll);
  }
}
