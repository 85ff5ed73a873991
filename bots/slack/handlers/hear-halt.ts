import { haltWordIn } from '#src/desk/halt-words.ts';
import type { HaltWord } from '#src/desk/halt-words.ts';
import type { ThreadRef } from '#src/ports/chat.ts';
import { isDirect } from '../history/project-here.ts';
import { isCalled, typedWords } from '../history/said.ts';
import type { SaidIn } from '../history/said.ts';
import { actorOf } from '../people/actor.ts';
import { originIdOf, placeOf } from '../slack-tools.ts';
import type { SlackTools } from '../slack-tools.ts';
import { tell } from '../tell.ts';

/**
 * Halts all work, or lets it go on, wherever people speak to the factory: in its threads, where it is called, in direct
 * messages, and in channels where it listens to all. It needs no project, so a channel that has none will do.
 */
export async function hearHalt(
  tools: SlackTools,
  said: SaidIn,
  user: string,
  thread: ThreadRef | null,
): Promise<boolean> {
  const word = haltWordIn(await typedWords(tools, said));
  if (word === null || !(await isSpokenTo(tools, said, thread))) return false;
  const answer = await halt(tools, { channel: said.channel, user, word, said: said.ts });
  await tell(tools, { channel: said.channel, thread: said.thread_ts ?? null, user }, answer);
  return true;
}

async function isSpokenTo(tools: SlackTools, said: SaidIn, thread: ThreadRef | null): Promise<boolean> {
  if (isCalled(tools, said) || isDirect(said.channel)) return true;
  if (said.thread_ts !== undefined) return thread !== null;
  return (await tools.desk.channel(placeOf(tools, said.channel)))?.listen === 'all';
}

/** `said`: what Slack calls the words that asked. Answers what to tell the person. */
export async function halt(
  tools: SlackTools,
  { channel, user, word, said }: { channel: string; user: string; word: HaltWord; said: string },
): Promise<string> {
  const done = tools.desk.controlAll(actorOf(user), word, originIdOf(tools, channel, said));
  // Notices name them; the halt does not wait for that.
  await tools.people.person(user);
  const { text } = await done;
  return text ?? 'That was done before.';
}
