import { setTimeout as sleep } from 'node:timers/promises';

/** Happens to the next so many deliveries. */
export interface Countdown {
  next(times: number): void;
  /** From now on to none. */
  none(): void;
  take(): boolean;
}

/** What can go wrong between Slack and an app. Each is for the next delivery, or as many. */
export interface DeliveryFaults {
  /** Never sent and never tried again. */
  drop: Countdown;
  /** Sent twice at once. */
  duplicate: Countdown;
  /** The app acknowledges and Slack does not hear it: it comes again. */
  loseAck: Countdown;
  /** Signed HTTP: with another secret. */
  forgeSignature: Countdown;
  /** Signed HTTP: with a signature that is right and ten minutes old. */
  ageTimestamp: Countdown;
  /** Holds the next deliveries back for so long. */
  delay(byMs: number, times?: number): void;
  pause(): Promise<void>;
}

export function createDeliveryFaults(): DeliveryFaults {
  const delays: number[] = [];
  return {
    drop: createCountdown(),
    duplicate: createCountdown(),
    loseAck: createCountdown(),
    forgeSignature: createCountdown(),
    ageTimestamp: createCountdown(),
    delay: (byMs, times = 1) => void delays.push(...Array<number>(times).fill(byMs)),
    async pause() {
      const byMs = delays.shift();
      if (byMs !== undefined) await sleep(byMs);
    },
  };
}

function createCountdown(): Countdown {
  let left = 0;
  return {
    next: (times) => void (left += times),
    none: () => void (left = 0),
    take() {
      if (left === 0) return false;
      left -= 1;
      return true;
    },
  };
}
