import type { SlackClock } from '../workspace/clock.ts';

/** So many calls of a method in so long a time, counted for each channel or for the whole app. */
export interface RateLimit {
  max: number;
  perMs: number;
  by: 'channel' | 'app';
}

export interface RateLimits {
  set(method: string, limit: RateLimit | null): void;
  /** Seconds to wait, or null: the call may pass, and counts. */
  spend(method: string, appId: string, channelId: string): number | null;
}

const MINUTE_MS = 60_000;
/** Tiers of https://docs.slack.dev/apis/web-api/rate-limits; posting has a limit of its own, with a short burst. */
const SLACK_LIMITS: Readonly<Record<string, RateLimit>> = {
  'chat.postMessage': { max: 3, perMs: 3_000, by: 'channel' },
  'chat.update': { max: 50, perMs: MINUTE_MS, by: 'app' },
  'chat.delete': { max: 50, perMs: MINUTE_MS, by: 'app' },
  'chat.postEphemeral': { max: 100, perMs: MINUTE_MS, by: 'app' },
  'conversations.history': { max: 50, perMs: MINUTE_MS, by: 'app' },
  'conversations.replies': { max: 50, perMs: MINUTE_MS, by: 'app' },
  'conversations.info': { max: 50, perMs: MINUTE_MS, by: 'app' },
  'conversations.members': { max: 100, perMs: MINUTE_MS, by: 'app' },
  'conversations.list': { max: 20, perMs: MINUTE_MS, by: 'app' },
  'conversations.open': { max: 50, perMs: MINUTE_MS, by: 'app' },
  'users.info': { max: 100, perMs: MINUTE_MS, by: 'app' },
  'users.list': { max: 20, perMs: MINUTE_MS, by: 'app' },
  'usergroups.list': { max: 20, perMs: MINUTE_MS, by: 'app' },
  'usergroups.users.list': { max: 20, perMs: MINUTE_MS, by: 'app' },
  'views.open': { max: 100, perMs: MINUTE_MS, by: 'app' },
  'views.update': { max: 100, perMs: MINUTE_MS, by: 'app' },
  'views.push': { max: 100, perMs: MINUTE_MS, by: 'app' },
  'views.publish': { max: 100, perMs: MINUTE_MS, by: 'app' },
  'reactions.add': { max: 50, perMs: MINUTE_MS, by: 'app' },
  'files.getUploadURLExternal': { max: 100, perMs: MINUTE_MS, by: 'app' },
  'files.completeUploadExternal': { max: 100, perMs: MINUTE_MS, by: 'app' },
  'agents.sessions.setStatus': { max: 50, perMs: MINUTE_MS, by: 'app' },
};

export function createRateLimits(kind: 'none' | 'slack', clock: SlackClock): RateLimits {
  const limits = new Map(kind === 'slack' ? Object.entries(SLACK_LIMITS) : []);
  const buckets = new Map<string, { left: number; atMs: number }>();
  return {
    set(method, limit) {
      if (limit === null) limits.delete(method);
      else limits.set(method, limit);
      for (const key of buckets.keys()) if (key.startsWith(`${method}/`)) buckets.delete(key);
    },
    spend(method, appId, channelId) {
      const limit = limits.get(method);
      if (limit === undefined) return null;
      const key = `${method}/${appId}/${limit.by === 'channel' ? channelId : ''}`;
      const nowMs = clock.nowMs();
      const msEach = limit.perMs / limit.max;
      const old = buckets.get(key) ?? { left: limit.max, atMs: nowMs };
      const left = Math.min(limit.max, old.left + (nowMs - old.atMs) / msEach);
      buckets.set(key, { left: left >= 1 ? left - 1 : left, atMs: nowMs });
      return left >= 1 ? null : Math.max(1, Math.ceil(((1 - left) * msEach) / 1000));
    },
  };
}
