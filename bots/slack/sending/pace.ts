import type { Clock } from '#src/ports/clock.ts';

/** How fast Slack takes what we say. */
export interface PaceLimits {
  /** About one message a second in a channel, short bursts allowed (docs.slack.dev, "Rate limits"). */
  postEveryMs: number;
  postBurst: number;
  /** `chat.update` is of tier 3: some fifty a minute. */
  updateEveryMs: number;
  updateBurst: number;
}

export const slackPace: PaceLimits = { postEveryMs: 1000, postBurst: 3, updateEveryMs: 1200, updateBurst: 10 };

export interface Pace {
  /** 0: now, and it counts as done; else how long to wait first. Lanes wait apart from each other. */
  take(lane: string, kind: 'post' | 'update'): number;
  /** Slack said to wait. */
  rest(lane: string, waitMs: number): void;
}

/** A bucket a lane, filled at Slack's pace. */
export function createPace(clock: Clock, limits: PaceLimits = slackPace): Pace {
  const buckets = new Map<string, { tokens: number; at: number }>();
  const resting = new Map<string, number>();
  return {
    take(lane, kind) {
      const now = clock.now().getTime();
      const until = resting.get(lane) ?? 0;
      if (now < until) return until - now;
      resting.delete(lane);
      const [every, burst] =
        kind === 'post' ? [limits.postEveryMs, limits.postBurst] : [limits.updateEveryMs, limits.updateBurst];
      const key = `${kind} ${lane}`;
      const bucket = buckets.get(key) ?? { tokens: burst, at: now };
      const tokens = Math.min(burst, bucket.tokens + Math.max(0, now - bucket.at) / every);
      buckets.set(key, { tokens: tokens < 1 ? tokens : tokens - 1, at: now });
      return tokens < 1 ? Math.ceil((1 - tokens) * every) : 0;
    },
    rest(lane, waitMs) {
      resting.set(lane, clock.now().getTime() + waitMs);
    },
  };
}
