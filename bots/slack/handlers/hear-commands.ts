import type { App } from '@slack/bolt';
import type { KnownBlock } from '@slack/types';
import * as z from 'zod';
import { haltWordIn } from '#src/desk/halt-words.ts';
import { linkWordIn } from '#src/desk/link-words.ts';
import { HELP, isCommandOrAside } from '#src/desk/say.ts';
import type { DeskAnswer } from '#src/ports/chat.ts';
import { drawNote } from '../blocks/draw-post.ts';
import { callFaultOf, channelErrors } from '../call-fault.ts';
import { projectHere } from '../history/project-here.ts';
import { leadTo } from '../links.ts';
import { commandNames } from '../manifest/commands.ts';
import type { CommandName } from '../manifest/commands.ts';
import { actorOf, actorsIn } from '../people/actor.ts';
import { originIdOf, placeOf } from '../slack-tools.ts';
import type { SlackTools } from '../slack-tools.ts';
import { beginIdea } from './begin-idea.ts';
import { bindCard, listenAsked, listenHere } from './bind-card.ts';
import { bindButton, openBinding } from './bind-channel.ts';
import { halt } from './hear-halt.ts';
import { tellLater } from './hear-link.ts';

const Body = z.looseObject({
  text: z.string().default(''),
  user_id: z.string(),
  channel_id: z.string(),
  trigger_id: z.string(),
});

interface Command {
  channel: string;
  user: string;
  trigger: string;
}

/** What is told to the one who typed it. */
interface Answer {
  text: string;
  buttons?: KnownBlock[];
  /** Where more is told later. */
  said?: DeskAnswer;
}

/** Slash commands. `/sprint status` is short for `/workbench sprint status`, and so on. */
export function hearCommands(app: App, tools: SlackTools): void {
  for (const name of commandNames) {
    app.command(`/${tools.commandName(name)}`, async ({ body, respond }) => {
      const read = Body.safeParse(body).data;
      if (read === undefined) return;
      const command = { channel: read.channel_id, user: read.user_id, trigger: read.trigger_id };
      const words = (await tools.people.words(read.text)).trim();
      const answer = await obey(tools, command, inFull(name, words));
      if (answer === null) return;
      const say = async ({ text, buttons = [] }: Pick<Answer, 'text' | 'buttons'>): Promise<void> => {
        const note = drawNote(text, await tools.contextFor(actorsIn(text)));
        try {
          // Reaches people also where the app is not a member. Slack takes such answers for half an hour.
          await respond({ response_type: 'ephemeral', text: note.text, blocks: [...note.blocks, ...buttons] });
        } catch (error) {
          tools.log.warn({ surface: 'slack', error: String(error) }, 'somebody could not be told');
        }
      };
      await say(answer);
      if (answer.said !== undefined) tellLater(tools, answer.said, (text) => say({ text }));
    });
  }
}

function inFull(name: CommandName, words: string): string {
  if (name === 'workbench') return words;
  if (name === 'sprint' && words === '') return 'sprint status';
  if (name === 'halt' && words !== '') return `halt: ${words}`;
  return `${name} ${words}`.trim();
}

/** null: there is nothing to say. */
async function obey(tools: SlackTools, command: Command, typed: string): Promise<Answer | null> {
  const halting = haltWordIn(typed);
  if (halting !== null)
    return { text: await halt(tools, { ...command, word: halting, said: `command-${command.trigger}` }) };
  const linking = linkWordIn(typed);
  if (linking !== null) {
    const said = await tools.desk.linkAccount(actorOf(command.user), linking);
    return { text: said.text ?? 'That was done before.', said };
  }
  const [, word = '', rest = ''] = /^(\S*)\s*([\s\S]*)$/.exec(typed) ?? [];
  switch (word.toLowerCase()) {
    case '':
    case 'help':
      return { text: helpOf(tools) };
    case 'bind':
      return bind(tools, command, rest);
    case 'listen':
      return listen(tools, command, rest);
    case 'unbind':
      return unbind(tools, command);
    case 'forget':
      return { text: await forgetWords(tools) };
    case 'idea':
      return idea(tools, command, rest);
    default:
      return say(tools, command, typed);
  }
}

/** What the desk knows, asked of the project of the channel. Other words begin nothing here: they would have no thread. */
async function say(tools: SlackTools, command: Command, typed: string): Promise<Answer> {
  const { channel, user, trigger } = command;
  if (!isCommandOrAside(typed)) return { text: `I do not know “${typed}”. ${helpOf(tools)}` };
  const actor = actorOf(user);
  const here = await projectHere(tools, channel, actor);
  if ('tell' in here) return unbound(here.tell);
  const { name } = await tools.people.person(user);
  const answer = await tools.desk.say({
    actor,
    speaker: name,
    thread: { kind: 'project', id: here.projectId },
    text: typed,
    originId: originIdOf(tools, channel, `command-${trigger}`),
    at: tools.clock.now().toISOString(),
  });
  const buttons = await leadTo(tools, answer.ok ? answer.at : undefined);
  return { text: answer.text ?? 'It stands in the channel now.', buttons };
}

async function idea(tools: SlackTools, command: Command, text: string): Promise<Answer | null> {
  const usage = `Say what should exist, and for whom: \`/${tools.commandName('idea')} We need a page that lists our guests\`.`;
  if (text === '') return { text: usage };
  const here = await projectHere(tools, command.channel, actorOf(command.user));
  if ('tell' in here) return unbound(here.tell);
  const refused = await beginIdea(tools, { ...command, projectId: here.projectId, text });
  return refused === null ? null : { text: refused };
}

async function bind(tools: SlackTools, command: Command, path: string): Promise<Answer | null> {
  const { channel, user, trigger } = command;
  if (!(await isMember(tools, channel))) {
    const { name } = await tools.people.person(tools.workspace.botUserId);
    return { text: `I am not in this channel yet. Type \`/invite @${name}\`, then bind it.` };
  }
  const pressed = { user, trigger, actionId: '', value: undefined, spot: { channel, thread: null }, modal: null };
  await openBinding(tools, pressed, { channel, called: null, path });
  return null;
}

async function isMember({ client }: SlackTools, channel: string): Promise<boolean> {
  try {
    const { channel: found } = await client.conversations.info({ channel });
    return found?.is_member === true || found?.is_im === true;
  } catch (error) {
    const fault = callFaultOf(error);
    return !(fault.kind === 'refused' && channelErrors.has(fault.error));
  }
}

async function listen(tools: SlackTools, { channel, user }: Command, how: string): Promise<Answer> {
  const asked = listenAsked(`listen ${how}`);
  if (asked === null) {
    return {
      text: `I can listen to \`all\` or to \`mentions\`: \`/${tools.commandName('workbench')} listen mentions\`.`,
    };
  }
  if (asked !== 'ask') await listenHere(tools, { channel, user }, asked);
  return (await bindCard(tools, channel)) ?? unbound('This channel works on no project.');
}

async function unbind(tools: SlackTools, { channel, user }: Command): Promise<Answer> {
  const place = placeOf(tools, channel);
  const bound = await tools.desk.channel(place);
  if (bound === null) return { text: 'This channel works on no project.' };
  await tools.desk.unbindChannel(actorOf(user), place);
  return { text: 'From now on nothing new begins in this channel. What was begun here goes on in its threads.' };
}

function unbound(text: string): Answer {
  return { text, buttons: [bindButton({ called: null, path: '' })] };
}

function helpOf({ commandName }: SlackTools): string {
  const workbench = `/${commandName('workbench')}`;
  return [
    `\`${workbench} bind\` chooses the project of this channel, \`${workbench} unbind\` ends that, \`${workbench} listen all\` or \`listen mentions\` says what I hear in it.`,
    `\`${workbench} idea …\` begins an idea. \`${workbench} status\`, \`backlog\`, \`retro\`, \`lessons\`, \`run\`, \`canvas\`, \`cost\`, \`model\`, \`model off\` and \`model on\` are about the project; \`forget\` says how words are erased.`,
    `\`/${commandName('sprint')} plan\` shows what could go into the sprint, \`start\` opens one with the goal behind it, \`close\` ends it, \`status\` tells where it stands.`,
    'Slack knows no commands in threads: mention me there, with the same words behind my name.',
    HELP,
  ].join('\n');
}

async function forgetWords({ people, workspace }: SlackTools): Promise<string> {
  const { name } = await people.person(workspace.botUserId);
  return `Say \`@${name} forget\` in the thread of the conversation. I ask once more, then its words are erased here, with what was made of them.`;
}
