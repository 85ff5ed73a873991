import { ErrorCode } from '@slack/web-api';

/** Why a call to Slack came to nothing. */
export type CallFault =
  /** Slack answered that it will not. `error`: its own word, as `not_in_channel`. */
  | { kind: 'refused'; error: string; details: readonly string[]; needed: string | null }
  | { kind: 'busy'; waitMs: number }
  /** No answer: it may have been done or not. */
  | { kind: 'unanswered'; reason: string };

/** What was thrown by the WebClient, in our words. Anything else is a defect of ours and thrown on. */
export function callFaultOf(error: unknown): CallFault {
  if (!(error instanceof Error) || !('code' in error)) throw error;
  switch (error.code) {
    case ErrorCode.PlatformError: {
      const data = 'data' in error ? (error.data as PlatformData) : {};
      const said = data.error ?? 'unknown';
      if (halfWayErrors.has(said)) return { kind: 'unanswered', reason: `Slack answered ${said}` };
      if (busyErrors.has(said)) return { kind: 'busy', waitMs: UNTOLD_WAIT_MS };
      return {
        kind: 'refused',
        error: said,
        details: data.response_metadata?.messages ?? [],
        needed: data.needed ?? null,
      };
    }
    case ErrorCode.RateLimitedError:
      return { kind: 'busy', waitMs: Math.max(1, 'retryAfter' in error ? Number(error.retryAfter) : 1) * 1000 };
    case ErrorCode.HTTPError:
      return {
        kind: 'unanswered',
        reason: `Slack answered with ${'statusCode' in error ? String(error.statusCode) : 'an error'}`,
      };
    case ErrorCode.RequestError:
      return { kind: 'unanswered', reason: error.message };
    default:
      throw error;
  }
}

interface PlatformData {
  error?: string;
  needed?: string;
  response_metadata?: { messages?: string[] };
}

/** Slack broke off: it may have been done or not. */
const halfWayErrors: ReadonlySet<string> = new Set([
  'internal_error',
  'fatal_error',
  'service_unavailable',
  'request_timeout',
]);

/** Said in place of a status of 429, and without how long to wait. */
const busyErrors: ReadonlySet<string> = new Set(['ratelimited', 'rate_limited']);
const UNTOLD_WAIT_MS = 10_000;

/** Our own tokens will not do any more, whatever is called. */
export const tokenErrors: ReadonlySet<string> = new Set([
  'invalid_auth',
  'not_authed',
  'account_inactive',
  'token_revoked',
  'token_expired',
  'org_login_required',
  'team_access_not_granted',
]);

/** Nothing can be said in the channel as things are; somebody may change that. */
export const channelErrors: ReadonlySet<string> = new Set([
  'not_in_channel',
  'channel_not_found',
  'is_archived',
  'restricted_action',
  'restricted_action_read_only_channel',
  'restricted_action_thread_only_channel',
  'restricted_action_non_threadable_channel',
  'restricted_action_thread_locked',
]);
