import { FactoryError } from '#src/errors.ts';
import type { UnitOfWork } from '#src/ports/unit-of-work.ts';

const LOCK_TRIES = 100;
const LOCK_WAIT_MS = 50;

/** Runs `work` alone under `key`; of two people at once the second waits for the first, at most about five seconds. */
export async function waitForLock<T>(unitOfWork: UnitOfWork, key: string, work: () => Promise<T>): Promise<T> {
  for (let attempt = 0; attempt < LOCK_TRIES; attempt += 1) {
    const locked = await unitOfWork.withLock(key, work);
    if (locked.ran) return locked.value;
    await new Promise((resolve) => setTimeout(resolve, LOCK_WAIT_MS));
  }
  throw new FactoryError('busy', 'Someone else is changing this just now.', {
    fix: 'Try again in a moment.',
    retryable: true,
  });
}
