import type { ThreadWords } from '#src/desk/threads.ts';
import { actorOf } from '../people/actor.ts';
import { placeOf } from '../slack-tools.ts';
import type { SlackTools } from '../slack-tools.ts';
import { readFiles } from './files.ts';
import { readThread } from './read-thread.ts';
import { markOf, personIn, typedWords } from './said.ts';
import type { Said } from './said.ts';

/**
 * Takes in a thread with everything that was said in it, under the names of who said it. The factory's own posts are
 * left out; other bots are assistants, which only propose. Answers what is to be told to the person who asked; null:
 * nothing.
 */
export async function takeThread(
  tools: SlackTools,
  { channel, root, user, projectId }: { channel: string; root: string; user: string; projectId: string },
): Promise<{ isKept: boolean; tell: string | null }> {
  const said = await readThread(tools, { channel, root });
  if (said === null) return { isKept: false, tell: 'That message is not there any more.' };
  const notes: string[] = [];
  const join = async (messages: readonly Said[]): Promise<boolean> => {
    const words: ThreadWords[] = [];
    for (const message of messages) {
      const { spoken, notes: told } = await wordsIn(tools, channel, message);
      if (spoken !== null) words.push(spoken);
      notes.push(...told);
    }
    if (words.length === 0) return false;
    await tools.desk.joinThread(actorOf(user), { ...placeOf(tools, channel), root }, projectId, words);
    return true;
  };
  if (!(await join(said))) return { isKept: false, tell: 'There are no words in that thread to take in.' };
  // What was said after the reading and heard before the joining belongs to it, too, and would be in neither.
  const last = said.at(-1)?.ts ?? root;
  const known = new Set(said.map(({ ts }) => ts));
  const late = (await readThread(tools, { channel, root, after: last })) ?? [];
  await join(late.filter(({ ts }) => !known.has(ts)));
  return { isKept: true, tell: notes.length === 0 ? null : notes.join('\n') };
}

async function wordsIn(
  tools: SlackTools,
  channel: string,
  message: Said,
): Promise<{ spoken: ThreadWords | null; notes: string[] }> {
  if (isOwn(tools, message)) return { spoken: null, notes: [] };
  const { words, notes } = await readFiles(tools, message, null);
  const text = [await typedWords(tools, message), ...words].filter((part) => part !== '').join('\n\n');
  if (text === '') return { spoken: null, notes };
  const person = personIn(tools, message);
  const speaker = person === null ? botName(message) : (await tools.people.person(person)).name;
  const role = person === null ? 'assistant' : 'person';
  return { spoken: { ...markOf(tools, channel, message), speaker, role, text }, notes };
}

function isOwn({ workspace }: SlackTools, { user, bot_id: bot }: Said): boolean {
  return (user !== undefined && workspace.ownUserIds.has(user)) || (bot !== undefined && workspace.ownBotIds.has(bot));
}

function botName({ username, bot_profile: profile }: Said): string {
  return username ?? profile?.name ?? 'a bot';
}
