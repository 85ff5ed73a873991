import type { App } from '@slack/bolt';
import type { KnownBlock } from '@slack/types';
import { isCommandOrAside } from '#src/desk/say.ts';
import type { ThreadRef } from '#src/ports/chat.ts';
import { isReadable, readFiles } from '../history/files.ts';
import { isDirect, projectHere } from '../history/project-here.ts';
import { isCalled, markOf, personIn, SaidIn, spokenWords, typedWords } from '../history/said.ts';
import { showKept } from '../history/show-kept.ts';
import { takeThread } from '../history/take-thread.ts';
import { whyUnread } from '../history/why-unread.ts';
import { leadTo } from '../links.ts';
import { actorOf } from '../people/actor.ts';
import { originIdOf, placeOf } from '../slack-tools.ts';
import type { SlackTools } from '../slack-tools.ts';
import type { Identity } from '../speakers.ts';
import { tell } from '../tell.ts';
import { hearListen, listenAsked } from './bind-card.ts';
import { offerBinding } from './bind-channel.ts';
import { isForget, offerForget } from './forget-conversation.ts';
import { hearHalt } from './hear-halt.ts';
import { hearLink } from './hear-link.ts';

/** Messages that were answered lately: Slack tells of one gesture under several events. Forgetting one does no harm. */
const MAX_REMEMBERED = 2_000;

/** Hears what people say: in threads of ours everything, elsewhere when it is called, or where all is listened to. */
export function hearMessages(app: App, tools: SlackTools): void {
  const answered = new Set<string>();
  const once = async (event: unknown): Promise<void> => {
    const said = SaidIn.safeParse(event).data;
    const user = said === undefined ? null : personIn(tools, said);
    if (said === undefined || user === null) return;
    const id = originIdOf(tools, said.channel, said.ts);
    if (answered.has(id) || !(await hear(tools, said, user))) return;
    answered.add(id);
    for (const oldest of answered) {
      if (answered.size <= MAX_REMEMBERED) break;
      answered.delete(oldest);
    }
  };
  app.event('app_mention', ({ event }) => once(event));
  app.event('message', ({ event }) => once(event));
}

/** Whether it was for the factory. */
async function hear(tools: SlackTools, said: SaidIn, user: string): Promise<boolean> {
  const place = placeOf(tools, said.channel);
  const thread = await tools.desk.threadAt({ ...place, root: said.thread_ts ?? said.ts });
  if (await hearHalt(tools, said, user, thread)) return true;
  if (await hearLink(tools, said, user, thread)) return true;
  if (thread !== null && said.thread_ts !== undefined) {
    await reply(tools, said, user, thread);
    return true;
  }
  if (!isCalled(tools, said) && !isDirect(said.channel) && !(await isListenedTo(tools, said))) return false;
  const answer = await begin(tools, said, user, thread !== null);
  if (answer !== null) await tell(tools, { channel: said.channel, thread: said.thread_ts ?? null, user }, answer);
  return true;
}

/** A channel for ideas: what is said in the channel itself begins one. Threads there are talk between people. */
async function isListenedTo(tools: SlackTools, said: SaidIn): Promise<boolean> {
  if (said.thread_ts !== undefined) return false;
  const bound = await tools.desk.channel(placeOf(tools, said.channel));
  return bound?.listen === 'all' && !isCommandOrAside(await typedWords(tools, said));
}

async function reply(tools: SlackTools, said: SaidIn, user: string, thread: ThreadRef): Promise<void> {
  const view = said.files.length === 0 ? null : await tools.desk.thread(thread);
  const { words, notes } = await readFiles(tools, said, view === null ? null : { user, projectId: view.projectId });
  const typed = await typedWords(tools, said);
  const text = [await spokenWords(tools, said), ...words].filter((part) => part !== '').join('\n\n');
  const asked = isCalled(tools, said) ? listenAsked(typed) : null;
  if (asked !== null) {
    await hearListen(tools, { channel: said.channel, thread: said.thread_ts ?? null, user }, asked);
    return;
  }
  if (isForget(typed) && words.length === 0) {
    await offerForget(tools, { channel: said.channel, thread: said.thread_ts ?? null, user }, thread);
    return;
  }
  let as: Identity = {};
  let below: KnownBlock[] = [];
  // A picture without a word is talk between people.
  if (text !== '') {
    const { name } = await tools.people.person(user);
    const mark = markOf(tools, said.channel, said);
    const answer = await tools.desk.say({ actor: actorOf(user), speaker: name, thread, text, ...mark });
    if (answer.ok && !isCommandOrAside(text)) await showKept(tools, said);
    if (answer.text !== null) notes.push(answer.text);
    if (answer.ok && answer.by !== undefined) as = tools.identityOf(answer.by);
    if (answer.ok) below = await leadTo(tools, answer.at);
  }
  if (notes.length > 0) {
    await tell(tools, { channel: said.channel, thread: said.thread_ts ?? null, user, as }, notes.join('\n'), below);
  }
}

const NOTHING_SAID = 'Say behind my name what should exist, and for whom. `help` tells what else you can ask.';

/** A command, or a new idea under the message that called. Answers what to tell the person. */
async function begin(tools: SlackTools, said: SaidIn, user: string, isKnown: boolean): Promise<string | null> {
  const { channel, ts, thread_ts: root } = said;
  const actor = actorOf(user);
  const here = await projectHere(tools, channel, actor);
  if ('tell' in here) {
    await offerBinding(tools, { channel, thread: root ?? null, user }, { text: here.tell, called: ts });
    return null;
  }
  const { projectId } = here;
  const typed = await typedWords(tools, said);
  const asked = listenAsked(typed);
  if (asked !== null) {
    await hearListen(tools, { channel, thread: root ?? null, user }, asked);
    return null;
  }
  if (isForget(typed)) return 'Say that in the thread of the conversation that is to be forgotten.';
  const { name } = await tools.people.person(user);
  if (isCommandOrAside(typed)) {
    const thread = { kind: 'project' as const, id: projectId };
    const answer = await tools.desk.say({ actor, speaker: name, thread, text: typed, ...markOf(tools, channel, said) });
    if (!answer.ok || answer.at === undefined || answer.text === null) return answer.text;
    await tell(tools, { channel, thread: root ?? null, user }, answer.text, await leadTo(tools, answer.at));
    return null;
  }
  if (root !== undefined || isKnown) return takeWhole(tools, { channel, root: root ?? ts, user, projectId, ts });
  const { words, notes, imported } = await readFiles(tools, said, { user, projectId });
  // Words beside an export are about the export: they are no idea of their own.
  const parts = imported > 0 ? words : [typed, ...words];
  const text = parts.filter((part) => part !== '').join('\n\n');
  if (text !== '') {
    const spoken = { ...markOf(tools, channel, said), speaker: name, role: 'person' as const, text };
    await tools.desk.joinThread(actor, { ...placeOf(tools, channel), root: ts }, projectId, [spoken]);
  } else if (notes.length === 0) {
    return said.files.some((file) => !isReadable(file))
      ? 'I read text files and exported conversations, so there was nothing in this for me. Say in words what it is about.'
      : NOTHING_SAID;
  }
  await showKept(tools, said);
  return notes.length === 0 ? null : notes.join('\n');
}

async function takeWhole(
  tools: SlackTools,
  { ts, ...thread }: { channel: string; root: string; user: string; projectId: string; ts: string },
): Promise<string | null> {
  try {
    const taken = await takeThread(tools, thread);
    if (taken.isKept) await showKept(tools, { channel: thread.channel, ts });
    return taken.tell;
  } catch (error) {
    return whyUnread(error);
  }
}
