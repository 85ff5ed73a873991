import type { App } from '@slack/bolt';
import * as z from 'zod';
import type { SlackTools } from '../slack-tools.ts';

const Revoked = z.looseObject({ tokens: z.looseObject({ bot: z.array(z.string()).default([]) }) });

/** Hears that Slack took the app's own token back: posts wait from now on, and the log says what to do. */
export function hearTokens(app: App, { workspace, log }: Pick<SlackTools, 'workspace' | 'log'>): void {
  app.event('tokens_revoked', async ({ event }) => {
    const revoked = Revoked.safeParse(event).data?.tokens.bot ?? [];
    if (!revoked.some((id) => workspace.ownUserIds.has(id))) return;
    log.error(
      { surface: 'slack' },
      'Slack took a token of the app back; posts wait. Install the app again and set its new token.',
    );
  });
}
