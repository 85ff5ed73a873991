import type { App } from '@slack/bolt';
import { ingest } from '../history/ingest.ts';
import { ingestShortcut } from '../manifest/commands.ts';
import type { SlackTools } from '../slack-tools.ts';

/** `Ingest this thread`, in the menu of any message. */
export function hearIngestShortcut(app: App, tools: SlackTools): void {
  const { type, callback_id } = ingestShortcut;
  app.shortcut({ type: `${type}_action`, callback_id }, async ({ shortcut, respond }) => {
    if (shortcut.type !== 'message_action') return;
    const { channel, message_ts: ts, user } = shortcut;
    const answer = await ingest(tools, { channel: channel.id, ts, user: user.id });
    if (answer === null) return;
    try {
      // Reaches people also where the app is not a member. Slack takes such answers for half an hour.
      await respond({ response_type: 'ephemeral', text: answer });
    } catch (error) {
      tools.log.warn({ surface: 'slack', error: String(error) }, 'somebody could not be told');
    }
  });
}
