import { randomUUID } from 'node:crypto';
import type { Delivery } from '../delivery/deliveries.ts';
import type { Publisher } from '../delivery/publisher.ts';
import { newFile } from '../web-api/files.ts';
import { reactionJson } from '../web-api/reactions.ts';
import { userJson } from '../web-api/users.ts';
import { viewJson } from '../web-api/views.ts';
import { messageJson, newMessage, removeMessage } from '../workspace/message.ts';
import { appNamed, channelNamed, directMessage } from '../workspace/workspace.ts';
import type { Workspace } from '../workspace/workspace.ts';
import type { Json } from '../workspace/json.ts';
import type { Ephemeral, SlackChannel, SlackMessage, SlackUser, SlackView } from '../workspace/types.ts';
import type { Filled } from './fill-view.ts';
import { findMessage } from './interactions.ts';
import type { Interactions } from './interactions.ts';
import type { Modals, Submitted } from './modals.ts';
import { escapeTyped, richText } from './rich-text.ts';

/** A message, by its `ts`: those are never shared. */
export type MessageRef = string | { ts: string };

/** What a person said. */
export interface Said {
  channel: string;
  ts: string;
}

export interface SayOptions {
  /** The message whose thread it goes to. */
  thread?: MessageRef;
  files?: readonly { name: string; content: string | Buffer; snippetType?: string; mimetype?: string }[];
}

/** Somebody at their Slack. What they do has happened when the call returns; the apps hear of it soon after. */
export interface SlackPerson {
  id: string;
  user: SlackUser;
  /** `@name` becomes a mention of the person or bot of that name. */
  say(channel: string, text: string, options?: SayOptions): Said;
  /** A direct message to an app's bot. */
  tell(app: string, text: string, options?: SayOptions): Said;
  edit(message: MessageRef, text: string): void;
  delete(message: MessageRef): void;
  /** As an owner of the workspace may, with a message of anybody. */
  moderate(message: MessageRef): void;
  react(message: MessageRef, emoji: string): void;
  unreact(message: MessageRef, emoji: string): void;
  /**
   * A button by action id or label, or a menu by the option that is chosen. `seen`: the blocks of the message when they
   * looked at it.
   */
  press(message: MessageRef, what: string, options?: { seen?: readonly Json[] }): Promise<Delivery>;
  pressInModal(what: string, choice?: string): Promise<Delivery>;
  pressAtHome(what: string, options?: { app?: string; choice?: string }): Promise<Delivery>;
  submit(filled?: Filled): Promise<Submitted>;
  closeModal(): Promise<Delivery | null>;
  /** `/workbench status`. Slack knows no commands in threads. */
  command(channel: string, line: string): Promise<Delivery>;
  shortcut(callbackId: string, options?: { app?: string }): Promise<Delivery>;
  messageShortcut(message: MessageRef, callbackId: string, options?: { app?: string }): Promise<Delivery>;
  openHome(app?: string): void;
  /** The Stop button that stands beside an agent's work. */
  stop(thread: MessageRef): void;
  join(channel: string): void;
  leave(channel: string): void;
  /** Brings an app, or a person, into a channel. */
  invite(channel: string, name: string): void;
  remove(channel: string, name: string): void;
  leaveWorkspace(): void;
  /** What only this person sees, oldest first. */
  ephemerals(): Ephemeral[];
  modal(): SlackView | null;
  home(app?: string): SlackView | null;
}

export interface PersonTools {
  workspace: Workspace;
  publisher: Publisher;
  interactions: Interactions;
  modals: Modals;
}

export function createPerson(tools: PersonTools, user: SlackUser): SlackPerson {
  const { workspace, publisher, interactions, modals } = tools;
  const firstApp = (): string => [...workspace.apps.values()][0]?.name ?? '';
  const membership = (type: 'member_joined_channel' | 'member_left_channel', channel: SlackChannel, userId: string) =>
    publisher.inChannel(type, channel, {
      type,
      user: userId,
      channel: channel.id,
      channel_type: channel.kind === 'private' ? 'G' : 'C',
      team: workspace.team.id,
      event_ts: workspace.clock.nextTs(),
    });
  const add = (channel: SlackChannel, userId: string): void => {
    channel.members.add(userId);
    membership('member_joined_channel', channel, userId);
  };
  const take = (channel: SlackChannel, userId: string): void => {
    membership('member_left_channel', channel, userId);
    channel.members.delete(userId);
  };
  const homeOf = (app: string): SlackView | null =>
    workspace.views.get(workspace.homes.get(`${appNamed(workspace, app).id}/${user.id}`) ?? '') ?? null;
  const say = (channel: SlackChannel, said: string, options: SayOptions = {}): Said => {
    refuseStranger(channel, user);
    const message = typed(workspace, user, channel, said, options);
    channel.messages.push(message);
    publisher.messagePosted(channel, message);
    for (const file of message.files) {
      publisher.inChannel('file_shared', channel, {
        type: 'file_shared',
        file_id: file.id,
        user_id: user.id,
        file: { id: file.id },
        channel_id: channel.id,
        event_ts: message.ts,
      });
    }
    return { channel: channel.id, ts: message.ts };
  };
  const react = (ref: MessageRef, name: string, type: 'reaction_added' | 'reaction_removed'): void => {
    const { channel, message } = findMessage(workspace, tsOf(ref));
    refuseStranger(channel, user);
    const others = (message.reactions.get(name) ?? []).filter((id) => id !== user.id);
    const users = type === 'reaction_added' ? [...others, user.id] : others;
    if (users.length > 0) message.reactions.set(name, users);
    else message.reactions.delete(name);
    publisher.inChannel(type, channel, {
      ...reactionJson(type, { userId: user.id, name, channelId: channel.id, message }),
      event_ts: workspace.clock.nextTs(),
    });
  };

  const remove = ({ channel, message }: { channel: SlackChannel; message: SlackMessage }): void => {
    const previous = messageJson(workspace, channel, message);
    removeMessage(channel, message);
    publisher.messageDeleted(channel, message, previous);
  };

  return {
    id: user.id,
    user,
    say: (channel, text, options) => say(channelNamed(workspace, channel), text, options),
    tell: (app, text, options) =>
      say(directMessage(workspace, user.id, appNamed(workspace, app).botUserId), text, options),
    edit(ref, said) {
      const { channel, message } = ownMessage(workspace, user, tsOf(ref));
      const previous = messageJson(workspace, channel, message);
      const text = withMentions(workspace, said);
      Object.assign(message, { text, blocks: [richText(workspace.ids.next('b'), text)] });
      message.edited = { userId: user.id, ts: workspace.clock.nextTs() };
      message.versions.push(text);
      publisher.messageChanged(channel, message, previous);
    },
    delete: (ref) => remove(ownMessage(workspace, user, tsOf(ref))),
    moderate: (ref) => remove(findMessage(workspace, tsOf(ref))),
    react: (ref, emoji) => react(ref, emoji.replaceAll(':', ''), 'reaction_added'),
    unreact: (ref, emoji) => react(ref, emoji.replaceAll(':', ''), 'reaction_removed'),
    press: (ref, what, { seen = null } = {}) => interactions.pressMessage(user, tsOf(ref), what, seen),
    pressInModal(what, choice) {
      const view = modals.top(user);
      if (view === null) throw new Error(`${user.name} has no modal open.`);
      return interactions.pressView(user, view, what, choice ?? null);
    },
    pressAtHome(what, { app = firstApp(), choice } = {}) {
      const view = homeOf(app);
      if (view === null) throw new Error(`${app} has shown ${user.name} no Home tab.`);
      return interactions.pressView(user, view, what, choice ?? null);
    },
    submit: (filled = {}) => modals.submit(user, filled),
    closeModal: () => modals.close(user),
    command: (channel, line) => interactions.command(user, channel, line),
    shortcut: (callbackId, { app = firstApp() } = {}) => interactions.globalShortcut(user, app, callbackId),
    messageShortcut: (ref, callbackId, { app = firstApp() } = {}) =>
      interactions.messageShortcut(user, app, callbackId, tsOf(ref)),
    openHome(name = firstApp()) {
      const app = appNamed(workspace, name);
      const view = homeOf(name);
      publisher.toApp('app_home_opened', app, {
        type: 'app_home_opened',
        user: user.id,
        channel: directMessage(workspace, user.id, app.botUserId).id,
        tab: 'home',
        ...(view === null ? {} : { view: viewJson(workspace, view) }),
        event_ts: workspace.clock.nextTs(),
      });
    },
    stop(ref) {
      const { channel, message } = findMessage(workspace, tsOf(ref));
      const working = [...workspace.apps.values()].filter(
        (app) => workspace.sessions.get(`${app.id}/${channel.id}/${message.ts}`)?.status === 'processing',
      );
      if (working.length === 0) throw new Error('No agent works in that thread: Slack shows no Stop button.');
      for (const app of working)
        publisher.toApp('agent_session_stopped', app, {
          type: 'agent_session_stopped',
          channel: channel.id,
          user: user.id,
          thread_ts: message.ts,
          streaming_message_ts: [],
          event_ts: workspace.clock.nextTs(),
        });
    },
    join: (channel) => add(channelNamed(workspace, channel), user.id),
    leave: (channel) => take(channelNamed(workspace, channel), user.id),
    invite: (channel, name) => add(channelNamed(workspace, channel), memberNamed(workspace, name)),
    remove: (channel, name) => take(channelNamed(workspace, channel), memberNamed(workspace, name)),
    leaveWorkspace() {
      user.isDeleted = true;
      for (const channel of workspace.channels.values()) if (channel.kind !== 'im') channel.members.delete(user.id);
      const event_ts = workspace.clock.nextTs();
      publisher.everywhere('user_change', { type: 'user_change', user: userJson(workspace, user, false), event_ts });
    },
    ephemerals: () => workspace.ephemerals.filter(({ userId }) => userId === user.id),
    modal: () => modals.top(user),
    home: (app = firstApp()) => homeOf(app),
  };
}

export function tsOf(ref: MessageRef): string {
  return typeof ref === 'string' ? ref : ref.ts;
}

function refuseStranger(channel: SlackChannel, user: SlackUser): void {
  if (user.isDeleted) throw new Error(`${user.name} has left the workspace.`);
  if (channel.isArchived) throw new Error(`${channel.name} is archived: nobody can write there.`);
  if (!channel.members.has(user.id)) throw new Error(`${user.name} is not in ${channel.name}.`);
}

function ownMessage(
  workspace: Workspace,
  user: SlackUser,
  ts: string,
): { channel: SlackChannel; message: SlackMessage } {
  const found = findMessage(workspace, ts);
  if (found.message.userId !== user.id) throw new Error(`${user.name} did not write that message.`);
  return found;
}

function typed(
  workspace: Workspace,
  user: SlackUser,
  channel: SlackChannel,
  said: string,
  { thread, files = [] }: SayOptions,
): SlackMessage {
  const text = withMentions(workspace, said);
  const parent = thread === undefined ? null : findMessage(workspace, tsOf(thread));
  if (parent !== null && parent.channel !== channel) throw new Error('That thread is in another channel.');
  const shared = files.map(({ name, content, snippetType, mimetype }) => {
    const bytes = typeof content === 'string' ? Buffer.from(content) : content;
    const file = newFile(workspace, {
      name,
      userId: user.id,
      content: bytes,
      snippetType: snippetType ?? null,
      ...(mimetype === undefined ? {} : { mimetype }),
    });
    file.channelIds.add(channel.id);
    workspace.files.set(file.id, file);
    return file;
  });
  return newMessage(workspace, {
    userId: user.id,
    text,
    blocks: text === '' ? [] : [richText(workspace.ids.next('b'), text)],
    files: shared,
    subtype: shared.length > 0 ? 'file_share' : null,
    threadTs: parent === null ? null : (parent.message.threadTs ?? parent.message.ts),
    clientMessageId: randomUUID(),
  });
}

function withMentions(workspace: Workspace, said: string): string {
  return escapeTyped(said).replace(/(?<![\w<])@([a-z0-9_-]+)/gi, (whole, name: string) => {
    const id = idNamed(workspace, name);
    return id === null ? whole : `<@${id}>`;
  });
}

function memberNamed(workspace: Workspace, name: string): string {
  const id = idNamed(workspace, name);
  if (id === null) throw new Error(`The stand-in Slack knows nobody called ${name}.`);
  return id;
}

function idNamed(workspace: Workspace, name: string): string | null {
  const wanted = name.toLowerCase();
  for (const app of workspace.apps.values())
    if (app.name.toLowerCase() === wanted || app.botName.toLowerCase() === wanted) return app.botUserId;
  for (const user of workspace.users.values()) if (!user.isBot && user.name.toLowerCase() === wanted) return user.id;
  return null;
}
