import type { App } from '@slack/bolt';
import type { Button, KnownBlock } from '@slack/types';
import type { ProjectChannelRow } from '#src/ledger/rows.ts';
import { buttonRows, plainText } from '../blocks/buttons.ts';
import { slackLimits } from '../blocks/limits.ts';
import { readPressed } from '../modals/pressed.ts';
import type { Pressed } from '../modals/pressed.ts';
import { actorOf } from '../people/actor.ts';
import { placeOf } from '../slack-tools.ts';
import type { SlackTools } from '../slack-tools.ts';
import { tell } from '../tell.ts';
import type { Whereabouts } from '../tell.ts';
import { FORGET_HERE } from './forget-here.ts';

const LISTEN = 'bind:listen';
const MODEL = 'bind:model';

export interface BindCard {
  text: string;
  buttons: KnownBlock[];
}

/** What it means that a project works in a channel, and what can be changed about it. null: none works there. */
export async function bindCard(tools: SlackTools, channel: string): Promise<BindCard | null> {
  const bound = await tools.desk.channel(placeOf(tools, channel));
  if (bound === null) return null;
  const [project, isOff, bot] = await Promise.all([
    tools.desk.project(bound.projectId),
    tools.desk.isModelOff(bound.projectId),
    tools.people.person(tools.workspace.botUserId),
  ]);
  const hears = bound.listen === 'all';
  const text = [
    `This channel works on **${project?.name ?? 'its project'}** now. ${hears ? 'Every new message here begins an idea.' : 'Mention me to begin an idea.'}`,
    `**Read:** ${hears ? 'every new message of this channel and every reply below it.' : 'messages that mention me and every reply below them.'}`,
    `**Kept:** these words and who said them, by the workbench, until whoever began it or an approver has them forgotten: say \`@${bot.name} forget\` in the thread, or press Forget.`,
    `**Sent:** ${sentTo(tools.models, isOff)}`,
  ].join('\n');
  const buttons = [
    hears
      ? button(LISTEN, 'Only when mentioned', 'mentions' satisfies ProjectChannelRow['listen'])
      : button(LISTEN, 'Hear every message', 'all' satisfies ProjectChannelRow['listen']),
    ...(tools.models.length === 0 && !isOff
      ? []
      : [isOff ? button(MODEL, 'Let a model read', 'model on') : button(MODEL, 'No model', 'model off')]),
    button(FORGET_HERE, 'Forget …', channel),
  ];
  return { text, buttons: buttonRows(buttons) };
}

/** In plain words, whom what is said reaches. */
function sentTo(models: readonly string[], isOff: boolean): string {
  if (isOff) return 'to nobody. The model is switched off for this project.';
  return models.length === 0
    ? 'to nobody. No model is set up.'
    : `to ${models.join(' and ')}, with secrets taken out. Choose “No model” to send nothing.`;
}

/** What somebody asks of how a channel is heard; `ask`: how it is now. null: the words are about something else. */
export function listenAsked(text: string): ProjectChannelRow['listen'] | 'ask' | null {
  const [whole, how] = /^\/?listen(?:\s+(?:to\s+)?(all|mentions))?\s*[.!]?$/i.exec(text.trim()) ?? [];
  if (whole === undefined) return null;
  return how === undefined ? 'ask' : how.toLowerCase() === 'all' ? 'all' : 'mentions';
}

/** How the channel is heard from now on. Answers why not; null: so it is. */
export async function listenHere(
  tools: SlackTools,
  { channel, user }: { channel: string; user: string },
  listen: ProjectChannelRow['listen'],
): Promise<string | null> {
  const place = placeOf(tools, channel);
  const bound = await tools.desk.channel(place);
  if (bound === null) return NO_PROJECT;
  const { projectId, name } = bound;
  await tools.desk.bindChannel(actorOf(user), place, { projectId, name, listen });
  return null;
}

/** Does what was asked, and shows what it means to the one who asked. */
export async function hearListen(
  tools: SlackTools,
  where: Whereabouts,
  asked: ProjectChannelRow['listen'] | 'ask',
): Promise<void> {
  const refused = asked === 'ask' ? null : await listenHere(tools, where, asked);
  const card = refused === null ? await bindCard(tools, where.channel) : null;
  await tell(tools, where, card?.text ?? refused ?? NO_PROJECT, card?.buttons ?? []);
}

/** The buttons of the card. */
export function changeBindings(app: App, tools: SlackTools): void {
  const change = (action: string, act: (pressed: Pressed, channel: string, value: string) => Promise<string | null>) =>
    app.action(action, async ({ body }) => {
      const pressed = readPressed(body);
      if (pressed === null || pressed.spot === null || pressed.value === undefined) return;
      const { user, spot } = pressed;
      const refused = await act(pressed, spot.channel, pressed.value);
      const card = refused === null ? await bindCard(tools, spot.channel) : null;
      await tell(tools, { ...spot, user }, card?.text ?? refused ?? NO_PROJECT, card?.buttons ?? []);
    });
  change(LISTEN, (pressed, channel, value) =>
    listenHere(tools, { channel, user: pressed.user }, value === 'all' ? 'all' : 'mentions'),
  );
  change(MODEL, async (pressed, channel, value) => {
    const bound = await tools.desk.channel(placeOf(tools, channel));
    if (bound === null) return NO_PROJECT;
    const { ok, text } = await tools.desk.say({
      actor: actorOf(pressed.user),
      thread: { kind: 'project', id: bound.projectId },
      text: value === 'model on' ? 'model on' : 'model off',
      originId: `${pressed.trigger}:model`,
      at: tools.clock.now().toISOString(),
    });
    return ok ? null : text;
  });
}

const NO_PROJECT = 'This channel works on no project.';

function button(actionId: string, label: string, value: string): Button {
  return { type: 'button', action_id: actionId, text: plainText(label, slackLimits.buttonLabel), value };
}
