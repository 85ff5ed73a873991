import { FactoryError } from '#src/errors.ts';

const MOVED_TRIES = 5;

/** Another writer was faster: what it wrote is read and the decision is made again. */
export async function retryMoved<T>(work: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await work();
    } catch (error) {
      const moved = error instanceof FactoryError && error.code === 'stream-moved';
      if (!moved || attempt === MOVED_TRIES) throw error;
    }
  }
}
