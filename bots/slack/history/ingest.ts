import { actorOf } from '../people/actor.ts';
import { placeOf } from '../slack-tools.ts';
import type { SlackTools } from '../slack-tools.ts';
import { projectHere } from './project-here.ts';
import { rootOf } from './read-thread.ts';
import { showKept } from './show-kept.ts';
import { takeThread } from './take-thread.ts';
import { whyUnread } from './why-unread.ts';

/** Takes in the thread that a message stands in, because somebody asked. Answers what to tell them; null: nothing. */
export async function ingest(
  tools: SlackTools,
  { channel, ts, user }: { channel: string; ts: string; user: string },
): Promise<string | null> {
  try {
    const root = await rootOf(tools, { channel, ts });
    if (root === null) return 'That message is not there any more.';
    const here = await projectHere(tools, channel, actorOf(user));
    if ('tell' in here) return here.tell;
    const thread = await tools.desk.threadAt({ ...placeOf(tools, channel), root });
    if (thread?.kind === 'task') return 'This is the thread of a task already.';
    const { isKept, tell } = await takeThread(tools, { channel, root, user, projectId: here.projectId });
    if (isKept) await showKept(tools, { channel, ts });
    return tell;
  } catch (error) {
    return whyUnread(error);
  }
}
