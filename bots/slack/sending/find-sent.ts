import type { WebClient } from '@slack/web-api';
import * as z from 'zod';
import type { Post } from '#src/ports/chat.ts';
import type { SlackMessage } from '../blocks/slack-message.ts';
import { callFaultOf } from '../call-fault.ts';

/** Carried by every message of ours, so that one whose answer was lost can be found again. */
export const POST_METADATA = 'factory_workbench_post';

const Found = z.object({
  ts: z.string(),
  metadata: z.object({
    event_type: z.literal(POST_METADATA),
    event_payload: z.object({ post_id: z.string(), version: z.number() }),
  }),
});
const Marked = z.object({
  ts: z.string(),
  blocks: z.tuple([z.looseObject({ block_id: z.string() })]).rest(z.unknown()),
});

const PAGE = 100;
/** A message that was sent then stands within this time of it, however much Slack's clock and ours differ. */
const WINDOW_SECONDS = 600;
/** What was to be looked through is gone. */
const nothingThere: ReadonlySet<string> = new Set(['thread_not_found', 'message_not_found']);

interface SentPost {
  id: string;
  version: number;
}

interface Asked {
  channel: string;
  root: string | null;
  postId: string;
  /** When it was sent. */
  at: string;
  /** A message that is not meant, though it shows the post. */
  besides: string | null;
}

/**
 * Names a post in its first block: metadata is for the app that sent it, and personas' own apps cannot read. It is
 * there in the first version only, which is the one that may have to be found.
 */
export function markPost({ id, version }: Pick<Post, 'id' | 'version'>, message: SlackMessage): SlackMessage {
  const [first, ...rest] = message.blocks;
  if (first === undefined) return message;
  return { ...message, blocks: [{ ...first, block_id: `${POST_METADATA}/${id}/${version}` }, ...rest] };
}

/** The message that shows a post, in its channel or under a root; null: it never arrived. Throws as the client does. */
export async function findSent(client: WebClient, asked: Asked): Promise<SentPost | null> {
  const { channel, root } = asked;
  const sentAt = Date.parse(asked.at) / 1000;
  const window = { oldest: String(sentAt - WINDOW_SECONDS), latest: String(sentAt + WINDOW_SECONDS) };
  let cursor: string | undefined;
  do {
    const page = { channel, ...window, limit: PAGE, include_all_metadata: true, ...(cursor && { cursor }) };
    const answer = await read(() =>
      root === null ? client.conversations.history(page) : client.conversations.replies({ ...page, ts: root }),
    );
    for (const message of answer?.messages ?? []) {
      const found = sentPost(message, asked);
      if (found !== null) return found;
    }
    cursor = answer?.response_metadata?.next_cursor;
  } while (cursor !== undefined && cursor !== '');
  return null;
}

async function read<Answer>(call: () => Promise<Answer>): Promise<Answer | null> {
  try {
    return await call();
  } catch (error) {
    const fault = callFaultOf(error);
    if (fault.kind === 'refused' && nothingThere.has(fault.error)) return null;
    throw error;
  }
}

function sentPost(message: unknown, { postId, besides }: Asked): SentPost | null {
  const byMetadata = Found.safeParse(message).data;
  const mark = Marked.safeParse(message).data;
  const [, id, version] = mark?.blocks[0].block_id.match(MARK) ?? [];
  const found =
    byMetadata === undefined
      ? { id: mark?.ts, postId: id, version: Number(version) }
      : {
          id: byMetadata.ts,
          postId: byMetadata.metadata.event_payload.post_id,
          version: byMetadata.metadata.event_payload.version,
        };
  if (found.id === undefined || found.id === besides || found.postId !== postId) return null;
  return { id: found.id, version: found.version };
}

const MARK = new RegExp(`^${POST_METADATA}/([^/]+)/(\\d+)$`);
