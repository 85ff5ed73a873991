import type { Workbench } from '#src/compose.ts';
import { waitForLock } from '#src/ports/wait-for-lock.ts';

/** Runs `work` while no other command on this data is under the same key. Throws FactoryError `run-busy` after a minute. */
export function alone<T>({ unitOfWork }: Workbench, key: string, work: () => Promise<T>): Promise<T> {
  return waitForLock(unitOfWork, key, work, {
    everyMs: 100,
    tries: 600,
    busy: {
      code: 'run-busy',
      message: 'Another run on this data is busy in the same place.',
      fix: 'Try again in a minute.',
    },
  });
}
