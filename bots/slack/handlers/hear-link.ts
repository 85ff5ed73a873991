import { linkWordIn } from '#src/desk/link-words.ts';
import type { DeskAnswer, ThreadRef } from '#src/ports/chat.ts';
import { isDirect } from '../history/project-here.ts';
import { isCalled, typedWords } from '../history/said.ts';
import type { SaidIn } from '../history/said.ts';
import { actorOf } from '../people/actor.ts';
import type { SlackTools } from '../slack-tools.ts';
import { tell } from '../tell.ts';

/**
 * Links somebody's account on GitHub, or ends that, wherever they speak to the factory; no project is needed. What is
 * answered holds a code, so only they see it.
 */
export async function hearLink(
  tools: SlackTools,
  said: SaidIn,
  user: string,
  thread: ThreadRef | null,
): Promise<boolean> {
  const word = linkWordIn(await typedWords(tools, said));
  const isInThread = said.thread_ts !== undefined && thread !== null;
  if (word === null || !(isCalled(tools, said) || isDirect(said.channel) || isInThread)) return false;
  const at = { channel: said.channel, thread: said.thread_ts ?? null, user };
  const answer = await tools.desk.linkAccount(actorOf(user), word);
  if (answer.text !== null) await tell(tools, at, answer.text);
  tellLater(tools, answer, (text) => tell(tools, at, text));
  return true;
}

/** Says what is known only later, once it is. Nothing rests on it: whoever missed it asks again. */
export function tellLater(
  { log }: Pick<SlackTools, 'log'>,
  answer: DeskAnswer,
  say: (text: string) => Promise<unknown>,
): void {
  if (!answer.ok || answer.later === undefined) return;
  void answer.later
    .then((text) => (text === null ? undefined : say(text)))
    .catch((error: unknown) => log.warn({ surface: 'slack', error: String(error) }, 'somebody could not be told'));
}
