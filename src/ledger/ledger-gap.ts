import { FactoryError } from '#src/errors.ts';
import type { HashedEvent } from './hash-chain.ts';

/** Throws FactoryError `ledger-gap` where this event is not the next one after the number `before`. */
export function requireNextEvent({ seq }: Pick<HashedEvent, 'seq'>, before: number): void {
  if (seq !== before + 1) throw ledgerGap(`The ledger has no event ${before + 1}; event ${seq} comes next.`);
}

/** `events`: all of a stream, in order. Throws FactoryError `ledger-gap` where one is missing between them. */
export function requireWholeStream(stream: string, events: readonly Pick<HashedEvent, 'seq' | 'position'>[]): void {
  const found = events.findIndex(({ position }, index) => position !== index + 1);
  const event = events[found];
  if (event !== undefined)
    throw ledgerGap(`${stream} has no event ${found + 1}; event ${event.seq} of the ledger comes next.`);
}

function ledgerGap(message: string): FactoryError {
  return new FactoryError('ledger-gap', message, {
    fix: 'Run "workbench ledger verify"; restore the database from a backup where it says that the chain is broken.',
  });
}
