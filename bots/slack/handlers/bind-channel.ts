import type { App } from '@slack/bolt';
import type { KnownBlock } from '@slack/types';
import * as z from 'zod';
import { FactoryError } from '#src/errors.ts';
import { buttonRows, plainText } from '../blocks/buttons.ts';
import { slackLimits } from '../blocks/limits.ts';
import { callFaultOf } from '../call-fault.ts';
import { ingest } from '../history/ingest.ts';
import { BIND_MODAL, drawBindModal, readBindModal } from '../modals/bind-modal.ts';
import type { Binding, Chosen } from '../modals/bind-modal.ts';
import { readPressed } from '../modals/pressed.ts';
import type { Pressed } from '../modals/pressed.ts';
import { openModal } from '../modals/show.ts';
import { actorOf } from '../people/actor.ts';
import { placeOf } from '../slack-tools.ts';
import type { SlackTools } from '../slack-tools.ts';
import { tell } from '../tell.ts';
import type { Whereabouts } from '../tell.ts';
import { bindCard } from './bind-card.ts';

const OPEN_BINDING = 'bind:open';
const Opened = z.strictObject({ called: z.string().nullable(), path: z.string() });
type Opened = z.infer<typeof Opened>;
/** A button's value holds no more. */
const PATH_CHARS = 1_000;

/** Gives channels their projects: the button that opens the modal, and what was chosen in it. */
export function bindChannels(app: App, tools: SlackTools): void {
  app.action(OPEN_BINDING, async ({ body }) => {
    const pressed = readPressed(body);
    const opened = readOpened(pressed?.value);
    if (pressed === null || pressed.spot === null || opened === null) return;
    await openBinding(tools, pressed, { ...opened, channel: pressed.spot.channel });
  });
  app.view(BIND_MODAL, async ({ body }) => {
    const submitted = readBindModal(body);
    if (submitted !== null) await bind(tools, submitted);
  });
}

function readOpened(value: string | undefined): Opened | null {
  try {
    return Opened.safeParse(JSON.parse(value ?? '')).data ?? null;
  } catch {
    return null;
  }
}

/** The modal, while the trigger of a press or a command is good. */
export async function openBinding(
  tools: SlackTools,
  pressed: Pressed,
  { channel, called, path }: Opened & { channel: string },
): Promise<void> {
  const [{ projects }, bound, name, bot] = await Promise.all([
    tools.desk.overview(actorOf(pressed.user)),
    tools.desk.channel(placeOf(tools, channel)),
    channelName(tools, channel),
    tools.people.person(tools.workspace.botUserId),
  ]);
  const binding = { channel, name, called };
  const view = drawBindModal({ binding, projects, bound, path, models: tools.models, botName: bot.name });
  await openModal(tools, pressed, view);
}

/** Without a name it is bound by its id all the same. */
async function channelName({ client }: SlackTools, channel: string): Promise<string> {
  try {
    const { channel: found } = await client.conversations.info({ channel });
    return found?.name ?? (found?.is_im === true ? 'direct message' : channel);
  } catch (error) {
    callFaultOf(error);
    return channel;
  }
}

/** A sentence with a button that opens the modal: words alone bring no trigger with them. */
export async function offerBinding(
  tools: SlackTools,
  where: Whereabouts,
  { text, called, path = '' }: { text: string; called: string | null; path?: string },
): Promise<void> {
  await tell(tools, where, text, [bindButton({ called, path })]);
}

/** Opens the modal; `called` is taken up once the channel has a project. */
export function bindButton({ called, path }: Opened): KnownBlock {
  const [row] = buttonRows([
    {
      type: 'button',
      action_id: OPEN_BINDING,
      style: 'primary',
      text: plainText('Choose a project', slackLimits.buttonLabel),
      value: JSON.stringify({ called, path: path.slice(0, PATH_CHARS) }),
    },
  ]);
  return row as KnownBlock;
}

async function bind(
  tools: SlackTools,
  { user, viewId, binding, chosen }: { user: string; viewId: string; binding: Binding; chosen: Chosen },
): Promise<void> {
  const { channel, name, called } = binding;
  const actor = actorOf(user);
  const where = { channel, thread: null, user };
  const notes: string[] = [];
  let projectId: string;
  try {
    projectId = await projectOf(tools, actor, chosen);
    // Before the channel is heard, so that nothing said in it reaches a model.
    if (chosen.isModelOff) {
      const thread = { kind: 'project' as const, id: projectId };
      const at = tools.clock.now().toISOString();
      const answer = await tools.desk.say({ actor, thread, text: 'model off', originId: `${viewId}:model off`, at });
      if (!answer.ok) notes.push(answer.text);
    }
    await tools.desk.bindChannel(actor, placeOf(tools, channel), { projectId, name, listen: chosen.listen });
  } catch (error) {
    if (!(error instanceof FactoryError)) throw error;
    await offerBinding(tools, where, { text: `${error.message} ${error.fix}`, called, path: chosen.path });
    return;
  }
  tools.reopen(channel);
  const taken = called === null ? null : await ingest(tools, { channel, ts: called, user });
  if (taken !== null) notes.push(taken);
  const card = await bindCard(tools, channel);
  await tell(tools, where, [...(card === null ? [] : [card.text]), ...notes].join('\n'), card?.buttons ?? []);
}

/** Another repository is brought in by an approver only: whoever names a path can have its code read. */
async function projectOf({ desk }: SlackTools, actor: string, { projectId, path }: Chosen): Promise<string> {
  if (projectId !== null) return projectId;
  if (path !== '') {
    const rights = await desk.isApprover(actor);
    if (rights.ok) return (await desk.openProject(actor, path)).projectId;
    throw new FactoryError('not-an-approver', 'Only an approver may bring in another repository.', {
      fix: `Choose a project that is here, or ask for ${actor} in APPROVERS.${rights.note === null ? '' : ` ${rights.note}`}`,
    });
  }
  throw new FactoryError('no-repository', 'The path of the repository was left open.', {
    fix: 'Choose a project, or say where the repository lies.',
  });
}
