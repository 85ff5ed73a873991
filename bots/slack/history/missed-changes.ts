import * as z from 'zod';
import { compareOrder } from '#bots/receiving/compare-order.ts';
import { liveOrigin } from '#src/desk/say.ts';
import type { ChatThreadRow } from '#src/ledger/rows.ts';
import type { ConversationStore } from '#src/ports/unit-of-work.ts';
import { originIdOf } from '../slack-tools.ts';
import type { SlackTools } from '../slack-tools.ts';
import { readReplies } from './read-thread.ts';

/** 1,000 messages. Of a longer thread the first so many are looked through. */
const MAX_PAGES = 5;

const Standing = z.looseObject({
  ts: z.string(),
  subtype: z.string().optional(),
  edited: z.looseObject({ ts: z.string() }).optional(),
});
type Standing = z.infer<typeof Standing>;

export interface MissedChanges {
  /** As Slack has them now. */
  edited: { ts: string; editedAt: string; message: Standing }[];
  /** Surface ids of messages that are kept here and stand in Slack no more. */
  takenBack: string[];
}

/**
 * What people changed or took back in the thread of an idea, as far as Slack still shows it: edits since a time, and
 * messages that are gone though an older one is there. What is older than all that stands may have been cleared away by
 * the workspace, and stays.
 */
export async function missedChanges(
  tools: Pick<SlackTools, 'client' | 'stopping' | 'workspace'>,
  {
    conversations,
    thread,
    since,
  }: { conversations: Pick<ConversationStore, 'get'>; thread: ChatThreadRow; since: string },
): Promise<MissedChanges> {
  const { channel, root, conversationId } = thread;
  const read = await readReplies(tools, { channel, root, maxPages: MAX_PAGES });
  if (read === null) return { edited: [], takenBack: [] };
  const standing = read.messages.flatMap((message) => Standing.safeParse(message).data ?? []);
  const edited = standing.flatMap((message) => {
    const editedAt = message.edited?.ts;
    return editedAt === undefined || compareOrder(editedAt, since) <= 0 ? [] : [{ ts: message.ts, editedAt, message }];
  });
  if (!read.isWhole) return { edited, takenBack: [] };

  const kept = (await conversations.get(conversationId))?.messages ?? [];
  const isGone = (ts: string): boolean => {
    const found = standing.find((message) => message.ts === ts);
    if (found !== undefined) return found.subtype === 'tombstone';
    return standing.some((message) => compareOrder(message.ts, ts) < 0);
  };
  const prefix = originIdOf(tools, channel, '');
  const takenBack = kept.flatMap(({ originId, text, role }) => {
    if (originId === null || text === '' || role !== 'person') return [];
    const start = [prefix, liveOrigin(prefix)].find((one) => originId.startsWith(one));
    if (start === undefined) return [];
    const ts = originId.slice(start.length);
    return isGone(ts) ? [originIdOf(tools, channel, ts)] : [];
  });
  return { edited, takenBack };
}
