/** Work that is looked for again and again, one round at a time. */
export interface Rounds {
  /** Looks now; during a round: once more after it. */
  nudge(): void;
  /** Waits until a round that began after this call has ended. */
  settle(): Promise<void>;
  /** No round begins any more; waits for the one that runs. */
  stop(): Promise<void>;
}

/**
 * Runs `round` at once, whenever it is nudged, and every `everyMs` in case nobody did. A round that throws is told to
 * `onError`, and the next one tries again.
 */
export function keepGoing({
  round,
  everyMs,
  onError,
}: {
  round: () => Promise<void>;
  everyMs: number;
  onError: (error: unknown) => void;
}): Rounds {
  let stopped = false;
  let again = false;
  let running: Promise<void> | null = null;

  const run = async (): Promise<void> => {
    do {
      again = false;
      await round();
    } while (again && !stopped);
  };
  const nudge = (): void => {
    if (stopped) return;
    if (running !== null) {
      again = true;
      return;
    }
    running = run()
      .catch(onError)
      .finally(() => {
        running = null;
      });
  };
  const timer = setInterval(nudge, everyMs);
  nudge();
  return {
    nudge,
    async settle() {
      do {
        nudge();
        await running;
      } while (again);
    },
    async stop() {
      stopped = true;
      clearInterval(timer);
      await running;
    },
  };
}
