import { FactoryError } from '../errors.ts';
import { keepGoing } from '../ports/keep-going.ts';

export interface Opened {
  stop(): Promise<void>;
}

/** How long after a place did not let us in it is tried again. */
const RETRY_MS = 30_000;

/** Opens something outside, and tries again while it does not let us in. `onTrouble` is told why, once each time that the reason changes. */
export function keepOpened(open: () => Promise<Opened>, onTrouble: (sentence: string) => void): Opened {
  let opened: Opened | null = null;
  let told = '';
  const attempts = keepGoing({
    everyMs: RETRY_MS,
    async round() {
      opened ??= await open();
    },
    onError(error) {
      const sentence = error instanceof FactoryError ? `${error.message} ${error.fix}` : String(error);
      if (sentence !== told) onTrouble(sentence);
      told = sentence;
    },
  });
  return {
    async stop() {
      await attempts.stop();
      await opened?.stop();
    },
  };
}
