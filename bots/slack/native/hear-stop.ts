import type { App } from '@slack/bolt';
import * as z from 'zod';
import { SLACKBOT } from '../history/said.ts';
import { actorOf } from '../people/actor.ts';
import { placeOf } from '../slack-tools.ts';
import type { SlackTools } from '../slack-tools.ts';
import { tell } from '../tell.ts';

const Stopped = z.looseObject({
  channel: z.string(),
  thread_ts: z.string().optional(),
  user: z.string().optional(),
});

/** Who Slack's own doings are put down to, where it names nobody. */
const SLACK = 'slack';
/** So long it may take to learn that the one who pressed is a bot. A person's stop is not held up any longer. */
const LOOK_MS = 500;

/**
 * Slack's own Stop button, which it shows while a session is `processing`. The work is stopped first; then the one who
 * pressed is told, and the session is set anew, for Slack leaves it as it is.
 */
export function hearNativeStop(app: App, tools: SlackTools): void {
  app.event('agent_session_stopped', async ({ event }) => {
    const { channel, thread_ts: root, user } = Stopped.safeParse(event).data ?? {};
    if (channel === undefined || root === undefined || (user !== undefined && (await isBot(tools, user)))) return;
    const thread = await tools.desk.threadAt({ ...placeOf(tools, channel), root });
    if (thread === null) return;
    const { text } = await tools.desk.stop(user === undefined ? SLACK : actorOf(user), thread);
    if (thread.kind === 'task') tools.sessions.again(thread.id);
    if (user !== undefined && text !== null) await tell(tools, { channel, thread: root, user }, text);
  });
}

async function isBot({ people, workspace }: SlackTools, user: string): Promise<boolean> {
  if (user === SLACKBOT || workspace.ownUserIds.has(user)) return true;
  const { promise: late, resolve } = Promise.withResolvers<null>();
  const timer = setTimeout(() => resolve(null), LOOK_MS);
  try {
    return (await Promise.race([people.person(user), late]))?.isBot ?? false;
  } finally {
    clearTimeout(timer);
  }
}
