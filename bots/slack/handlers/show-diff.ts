import * as z from 'zod';
import { shortSha } from '#src/desk/cards/card-parts.ts';
import { cleanOutboundCode } from '#src/safety/outbound.ts';
import { answerPressed } from '../modals/show.ts';
import type { Pressed } from '../modals/pressed.ts';
import type { SlackTools } from '../slack-tools.ts';

/** Slack shows no larger snippet. */
const MAX_SNIPPET_BYTES = 1_000_000;
/** A thread is looked through this far for a diff that stands there already. */
const MAX_PAGES = 5;

/** Uploads the diff of a task into its thread, once for each diff, however many press at once. */
export function createDiffs(tools: SlackTools): (pressed: Pressed, taskId: string) => Promise<void> {
  const going = new Map<string, Promise<Brought>>();
  const bring = async (snippet: Snippet): Promise<Brought> => {
    const key = `${snippet.channel}/${snippet.root}/${snippet.filename}`;
    const begun = going.get(key);
    if (begun !== undefined) return (await begun) === 'refused' ? 'refused' : 'there';
    const brought = bringSnippet(tools, snippet).finally(() => going.delete(key));
    going.set(key, brought);
    return brought;
  };

  return async (pressed, taskId) => {
    const diff = await tools.desk.diff(taskId);
    if (diff === null) return answerPressed(tools, pressed, 'This task has no change to look at yet.');
    const task = await tools.surfacePosts.rootOf('slack', { kind: 'task', id: taskId });
    const channel = task?.channel ?? pressed.spot?.channel ?? null;
    const root = task?.root ?? pressed.spot?.thread ?? null;
    if (channel === null || root === null) {
      return answerPressed(tools, pressed, 'The task has no thread here yet. Press again in a moment.');
    }
    const text = cleanOutboundCode(diff.text);
    if (diff.truncated || Buffer.byteLength(text) > MAX_SNIPPET_BYTES) {
      return answerPressed(tools, pressed, 'This diff is larger than what Slack shows. Read it in the room.');
    }
    const filename = `change-${diff.diffHash.slice(0, 10)}.diff`;
    const words = `The whole change up to ${shortSha(diff.headSha)}.`;
    const brought = await bring({ channel, root, filename, text, words });
    if (brought === 'refused') {
      return answerPressed(tools, pressed, 'Slack did not take the diff. Press again in a moment.');
    }
    const isSeen = brought === 'brought' && pressed.modal === null && pressed.spot?.thread === root;
    if (!isSeen) await answerPressed(tools, pressed, `The diff stands in the task’s thread, as \`${filename}\`.`);
  };
}

type Brought = 'brought' | 'there' | 'refused';

interface Snippet {
  channel: string;
  root: string;
  filename: string;
  text: string;
  /** Stands beside the file. */
  words: string;
}

const WithFiles = z.looseObject({
  user: z.string().optional(),
  files: z.array(z.looseObject({ name: z.string().nullish(), mode: z.string().optional() })).default([]),
});

async function bringSnippet(tools: SlackTools, snippet: Snippet): Promise<Brought> {
  const { client, log } = tools;
  const { channel, root, filename, text, words } = snippet;
  try {
    if (await standsIn(tools, snippet)) return 'there';
    await client.filesUploadV2({
      channel_id: channel,
      thread_ts: root,
      initial_comment: words,
      filename,
      content: text,
      snippet_type: 'diff',
    });
    return 'brought';
  } catch (error) {
    log.warn({ surface: 'slack', error: String(error) }, 'a diff could not be uploaded');
    return 'refused';
  }
}

/** Asked of Slack, so that it holds after a restart, and when somebody deleted the file. */
async function standsIn({ client, workspace }: SlackTools, { channel, root, filename }: Snippet): Promise<boolean> {
  let cursor: string | undefined;
  for (let page = 0; page < MAX_PAGES; page += 1) {
    const answer = await client.conversations.replies({
      channel,
      ts: root,
      limit: 200,
      ...(cursor === undefined ? {} : { cursor }),
    });
    for (const message of answer.messages ?? []) {
      const { user, files } = WithFiles.safeParse(message).data ?? { files: [] };
      const isOurs = user === workspace.botUserId;
      if (isOurs && files.some(({ name, mode }) => name === filename && mode !== 'tombstone')) return true;
    }
    cursor = answer.response_metadata?.next_cursor;
    if (cursor === undefined || cursor === '') return false;
  }
  return false;
}
