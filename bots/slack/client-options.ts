import type { WebClientOptions } from '@slack/web-api';
import type { SlackSettings } from '#src/slack-settings.ts';

/**
 * How every client of Slack is made. Its own retries would post twice after a lost answer, and a busy Slack is waited for
 * where it can be told.
 */
export function clientOptions(
  { apiUrl }: Pick<SlackSettings, 'apiUrl'>,
  rest: { timeoutMs: number; logger: NonNullable<WebClientOptions['logger']> },
): WebClientOptions {
  return {
    slackApiUrl: apiUrl,
    retryConfig: { retries: 0 },
    rejectRateLimitedCalls: true,
    timeout: rest.timeoutMs,
    logger: rest.logger,
  };
}
