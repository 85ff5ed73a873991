import { setTimeout } from 'node:timers/promises';
import { callFaultOf, channelErrors } from '../call-fault.ts';
import type { SlackTools } from '../slack-tools.ts';
import { Said } from './said.ts';

const PAGE = 200;
/** 10,000 messages. A longer thread is taken in up to there. */
const MAX_PAGES = 50;
/** The 1,000 newest messages of a channel. */
const MAX_CHANNEL_PAGES = 5;
const MAX_BUSY_ANSWERS = 5;

type Reading = Pick<SlackTools, 'client' | 'stopping'>;

/**
 * What was said in a thread, oldest first, all pages of it. null: Slack has no such message any more. A refusal for
 * another reason is thrown as it came.
 */
export async function readThread(
  tools: Reading,
  thread: { channel: string; root: string; after?: string },
): Promise<Said[] | null> {
  const read = await readReplies(tools, { ...thread, maxPages: MAX_PAGES });
  return read?.messages.flatMap((message) => Said.safeParse(message).data ?? []) ?? null;
}

/** The same as Slack has it, with what nobody said among it. */
export async function readReplies(
  tools: Reading,
  { channel, root, after, maxPages }: { channel: string; root: string; after?: string; maxPages: number },
): Promise<{ messages: unknown[]; isWhole: boolean } | null> {
  const messages = new Map<unknown, unknown>();
  let cursor: string | undefined;
  for (let page = 0; page < maxPages; page += 1) {
    const answer = await patiently(tools, () =>
      tools.client.conversations.replies({
        channel,
        ts: root,
        limit: PAGE,
        ...(after === undefined ? {} : { oldest: after }),
        ...(cursor === undefined ? {} : { cursor }),
      }),
    );
    if (answer === null) return null;
    // The first message of the thread leads every page.
    for (const message of answer.messages ?? []) messages.set(message.ts, message);
    cursor = answer.response_metadata?.next_cursor;
    if (cursor === undefined || cursor === '') return { messages: [...messages.values()], isWhole: true };
  }
  return { messages: [...messages.values()], isWhole: false };
}

/** What stands in a channel itself, newest first. Empty where we may not read. */
export async function readChannel(
  tools: Reading,
  { channel, after }: { channel: string; after: string },
): Promise<unknown[]> {
  const messages: unknown[] = [];
  let cursor: string | undefined;
  for (let page = 0; page < MAX_CHANNEL_PAGES; page += 1) {
    const next = cursor === undefined ? {} : { cursor };
    const answer = await patiently(
      tools,
      () => tools.client.conversations.history({ channel, oldest: after, limit: PAGE, ...next }),
      channelErrors,
    );
    messages.push(...(answer?.messages ?? []));
    cursor = answer?.response_metadata?.next_cursor;
    if (cursor === undefined || cursor === '') break;
  }
  return messages;
}

/** The message that a thread hangs under, found from any message in it. null: there is no such message any more. */
export async function rootOf(tools: Reading, { channel, ts }: { channel: string; ts: string }): Promise<string | null> {
  const answer = await patiently(tools, () => tools.client.conversations.replies({ channel, ts, limit: 1 }));
  const [first] = answer?.messages ?? [];
  return first?.thread_ts ?? first?.ts ?? null;
}

const gone: ReadonlySet<string> = new Set(['thread_not_found', 'message_not_found']);

/**
 * A thread is read as a whole or not at all, so a busy Slack is waited for, but not by a process that is to end. null:
 * what was asked for is gone.
 */
async function patiently<T>(
  { stopping }: Reading,
  call: () => Promise<T>,
  ending: ReadonlySet<string> = gone,
): Promise<T | null> {
  for (let busy = 0; ; busy += 1) {
    try {
      return await call();
    } catch (error) {
      const fault = callFaultOf(error);
      if (fault.kind === 'refused' && ending.has(fault.error)) return null;
      if (fault.kind !== 'busy' || busy === MAX_BUSY_ANSWERS) throw error;
      // Thrown on when it is told to stop: what is not done yet is taken up at the next start.
      await setTimeout(fault.waitMs, undefined, { signal: stopping });
    }
  }
}
