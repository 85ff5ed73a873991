import type { App } from '@slack/bolt';
import * as z from 'zod';
import { ingest } from '../history/ingest.ts';
import type { SlackTools } from '../slack-tools.ts';
import { tell } from '../tell.ts';

/** 🏭 on a message takes its thread in. */
const FACTORY = 'factory';

const Reaction = z.looseObject({
  user: z.string(),
  reaction: z.literal(FACTORY),
  item: z.looseObject({ type: z.literal('message'), channel: z.string(), ts: z.string() }),
});

/** Hears the factory emoji; all other reactions are talk between people. */
export function hearReactions(app: App, tools: SlackTools): void {
  app.event('reaction_added', async ({ event }) => {
    const reaction = Reaction.safeParse(event).data;
    if (reaction === undefined || tools.workspace.ownUserIds.has(reaction.user)) return;
    const { user, item } = reaction;
    const answer = await ingest(tools, { channel: item.channel, ts: item.ts, user });
    if (answer !== null) await tell(tools, { channel: item.channel, thread: null, user }, answer);
  });
}
