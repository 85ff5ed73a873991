import type { App } from '@slack/bolt';
import * as z from 'zod';
import { readFiles } from '../history/files.ts';
import { personIn, Said, typedWords } from '../history/said.ts';
import { actorOf } from '../people/actor.ts';
import { originIdOf, placeOf } from '../slack-tools.ts';
import type { SlackTools } from '../slack-tools.ts';

const Changed = z.looseObject({
  subtype: z.enum(['message_changed', 'message_deleted']),
  channel: z.string(),
  /** Absent when the message is gone; a tombstone when it is gone and has replies. */
  message: z.looseObject({ ts: z.string(), subtype: z.string().optional() }).optional(),
  previous_message: z.unknown().optional(),
});

/** Hears that people changed what they said, or took it back. What was never taken in stays out. */
export function hearChanges(app: App, tools: SlackTools): void {
  app.event('message', async ({ event }) => {
    const changed = Changed.safeParse(event).data;
    if (changed === undefined) return;
    const previous = Said.safeParse(changed.previous_message).data;
    const isGone = changed.message === undefined || changed.message.subtype === 'tombstone';
    const said = isGone ? previous : Said.safeParse(changed.message).data;
    if (said === undefined || (!isGone && isSame(said, previous))) return;
    const user = personIn(tools, said);
    if (user === null) return;
    const { channel } = changed;
    const thread = await tools.desk.threadAt({ ...placeOf(tools, channel), root: said.thread_ts ?? said.ts });
    if (thread === null) return;
    const text = isGone ? null : await wordsOf(tools, said);
    await tools.desk.changeWords(actorOf(user), thread, originIdOf(tools, channel, said.ts), text);
  });
}

/** Slack says `changed` also when it adds a preview or counts a reply. */
function isSame(said: Said, previous: Said | undefined): boolean {
  const files = ({ files: some }: Said) => some.map(({ id }) => id).join(' ');
  return previous !== undefined && said.text === previous.text && files(said) === files(previous);
}

async function wordsOf(tools: SlackTools, said: Said): Promise<string | null> {
  const { words } = await readFiles(tools, said, null);
  const text = [await typedWords(tools, said), ...words].filter((part) => part !== '').join('\n\n');
  return text === '' ? null : text;
}
