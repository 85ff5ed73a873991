import type { GitHubClock } from '../hub/clock.ts';

/** GitHub's primary limit: so many calls an hour for each account. */
export interface RateLimits {
  /** Calls an hour. Default: 5,000, as for a person's token. */
  perHour: number;
  /** How GitHub says that there are none left; both are seen. */
  refusesWith: 403 | 429;
  /** Counts one call. */
  spend(account: string): RateState;
  /** Takes a call back: an answer of 304 costs nothing. */
  giveBack(account: string): void;
  look(account: string): RateState;
  /** Leaves so many calls until the hour ends. */
  leave(account: string, calls: number): void;
}

export interface RateState {
  limit: number;
  used: number;
  remaining: number;
  /** Seconds since 1970. */
  resetS: number;
  isExceeded: boolean;
}

const HOUR_MS = 3_600_000;

export function createRateLimits(clock: GitHubClock): RateLimits {
  const windows = new Map<string, { used: number; endsAtMs: number }>();
  const windowOf = (account: string) => {
    const nowMs = clock.nowMs();
    const old = windows.get(account);
    if (old !== undefined && old.endsAtMs > nowMs) return old;
    const fresh = { used: 0, endsAtMs: nowMs + HOUR_MS };
    windows.set(account, fresh);
    return fresh;
  };
  const limits: RateLimits = {
    perHour: 5_000,
    refusesWith: 403,
    spend(account) {
      windowOf(account).used += 1;
      return limits.look(account);
    },
    giveBack: (account) => void (windowOf(account).used -= 1),
    look(account) {
      const { used, endsAtMs } = windowOf(account);
      return {
        limit: limits.perHour,
        used: Math.min(used, limits.perHour),
        remaining: Math.max(0, limits.perHour - used),
        resetS: Math.ceil(endsAtMs / 1000),
        isExceeded: used > limits.perHour,
      };
    },
    leave: (account, calls) => void (windowOf(account).used = limits.perHour - calls),
  };
  return limits;
}

export function rateHeaders({ limit, used, remaining, resetS }: RateState): Record<string, string> {
  return {
    'x-ratelimit-limit': String(limit),
    'x-ratelimit-used': String(used),
    'x-ratelimit-remaining': String(remaining),
    'x-ratelimit-reset': String(resetS),
    'x-ratelimit-resource': 'core',
  };
}
