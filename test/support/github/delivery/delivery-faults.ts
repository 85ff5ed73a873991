/** Happens to the next so many deliveries. */
export interface Countdown {
  next(times: number): void;
  take(): boolean;
}

/** What can go wrong between GitHub and whoever listens. Each is for the next delivery, or as many. */
export interface DeliveryFaults {
  /** Never sent; GitHub does not try again by itself. */
  drop: Countdown;
  /** Sent twice, under one delivery id. */
  duplicate: Countdown;
  /** Sent after the delivery that follows it. */
  late: Countdown;
  /** Signed with another secret. */
  forgeSignature: Countdown;
  /** Without a signature, as from a hook that has no secret. */
  omitSignature: Countdown;
}

export function createDeliveryFaults(): DeliveryFaults {
  return {
    drop: createCountdown(),
    duplicate: createCountdown(),
    late: createCountdown(),
    forgeSignature: createCountdown(),
    omitSignature: createCountdown(),
  };
}

function createCountdown(): Countdown {
  let left = 0;
  return {
    next: (times) => void (left += times),
    take() {
      if (left === 0) return false;
      left -= 1;
      return true;
    },
  };
}
