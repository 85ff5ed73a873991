import { FactoryError } from '#src/errors.ts';
import type { UnitOfWork } from './unit-of-work.ts';

export interface LockPatience {
  everyMs: number;
  tries: number;
  /** Ends the waiting with its reason. */
  signal?: AbortSignal;
  /** What is thrown when the lock never came. */
  busy: { code: string; message: string; fix: string };
}

/** Of two people at once the second waits for the first, at most about five seconds. */
const PEOPLE: LockPatience = {
  everyMs: 50,
  tries: 100,
  busy: { code: 'busy', message: 'Someone else is changing this just now.', fix: 'Try again in a moment.' },
};

/** Runs `work` alone under `key`. Throws a retryable FactoryError when the lock does not come in time. */
export async function waitForLock<T>(
  { withLock }: Pick<UnitOfWork, 'withLock'>,
  key: string,
  work: () => Promise<T>,
  { everyMs, tries, signal, busy }: LockPatience = PEOPLE,
): Promise<T> {
  for (let attempt = 0; attempt < tries; attempt += 1) {
    signal?.throwIfAborted();
    const locked = await withLock(key, work);
    if (locked.ran) return locked.value;
    await new Promise((resolve) => setTimeout(resolve, everyMs));
  }
  throw new FactoryError(busy.code, busy.message, { fix: busy.fix, retryable: true });
}
