import type { Clock } from '#src/ports/clock.ts';

export interface PaceLimits {
  /** What one service may send in a minute, and at once after a rest. */
  perService: number;
  /** What all of them together may. */
  together: number;
  /** Services that are told apart; the one that was quiet longest is forgotten first. */
  maxServices: number;
}

const MINUTE_MS = 60_000;

interface Bucket {
  tokens: number;
  at: number;
}

/**
 * Lets so many signals a minute through: each takes a token, and tokens come back with time. Answers 0 where one may
 * come in, else after how many milliseconds to try again. What was turned away costs no token.
 */
export function createPace(
  clock: Clock,
  { perService, together, maxServices }: PaceLimits,
): (service: string) => number {
  const buckets = new Map<string, Bucket>();
  const all: Bucket = { tokens: together, at: clock.now().getTime() };

  const refill = (bucket: Bucket, aMinute: number, now: number): void => {
    const gained = (Math.max(0, now - bucket.at) / MINUTE_MS) * aMinute;
    bucket.tokens = Math.min(aMinute, bucket.tokens + gained);
    bucket.at = now;
  };
  const waitMs = ({ tokens }: Bucket, aMinute: number): number =>
    tokens >= 1 ? 0 : Math.ceil(((1 - tokens) / aMinute) * MINUTE_MS);

  return (service) => {
    const now = clock.now().getTime();
    const own = buckets.get(service) ?? { tokens: perService, at: now };
    // Kept in the order of their last use.
    buckets.delete(service);
    buckets.set(service, own);
    for (const oldest of buckets.keys()) {
      if (buckets.size <= maxServices) break;
      buckets.delete(oldest);
    }
    refill(own, perService, now);
    refill(all, together, now);
    const wait = Math.max(waitMs(own, perService), waitMs(all, together));
    if (wait > 0) return wait;
    own.tokens -= 1;
    all.tokens -= 1;
    return 0;
  };
}
