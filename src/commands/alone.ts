import type { Workbench } from '#src/compose.ts';
import { FactoryError } from '#src/errors.ts';

const TRIES = 600;
const WAIT_MS = 100;

/** Runs `work` while no other command on this data is under the same key. Throws FactoryError `run-busy` after a minute. */
export async function alone<T>({ unitOfWork }: Workbench, key: string, work: () => Promise<T>): Promise<T> {
  for (let attempt = 0; attempt < TRIES; attempt += 1) {
    const locked = await unitOfWork.withLock(key, work);
    if (locked.ran) return locked.value;
    await new Promise((resolve) => setTimeout(resolve, WAIT_MS));
  }
  throw new FactoryError('run-busy', 'Another run on this data is busy in the same place.', {
    fix: 'Try again in a minute.',
    retryable: true,
  });
}
