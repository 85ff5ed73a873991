import { randomBytes, randomUUID } from 'node:crypto';
import { createSlackClock } from './clock.ts';
import type { SlackClock } from './clock.ts';
import { createIds } from './ids.ts';
import type { SlackIds } from './ids.ts';
import { ALL_SCOPES, EVENT_SCOPES } from './setup.ts';
import type { AppSetup, ChannelSetup, Features, GroupSetup, PersonSetup } from './setup.ts';
import type { Ephemeral, SlackApp, SlackChannel, SlackFile, SlackGroup, SlackUser, SlackView } from './types.ts';

/** All that the stand-in knows. It only keeps; the other modules decide. */
export interface Workspace {
  team: { id: string; name: string; domain: string };
  clock: SlackClock;
  ids: SlackIds;
  features: Features;
  users: Map<string, SlackUser>;
  groups: Map<string, SlackGroup>;
  channels: Map<string, SlackChannel>;
  apps: Map<string, SlackApp>;
  files: Map<string, SlackFile>;
  views: Map<string, SlackView>;
  /** View ids of a person's open modals, bottom first, by user id. */
  modals: Map<string, string[]>;
  /** View id of an app's Home tab, by `app id/user id`. */
  homes: Map<string, string>;
  triggers: Map<string, Trigger>;
  ephemerals: Ephemeral[];
  /** Status of agent sessions by `app id/channel id/thread ts`. */
  sessions: Map<string, AgentSession>;
  responseUrls: Map<string, ResponseUrl>;
  /** null: messages can be edited for ever. */
  editWindowMs: number | null;
  baseUrl: string;
}

export interface Trigger {
  appId: string;
  userId: string;
  /** Of the clock, when it was handed out. */
  movedMs: number;
  isUsed: boolean;
}

export interface AgentSession {
  readonly status: string;
  title: string | null;
  username: string | null;
}

export interface ResponseUrl {
  appId: string;
  channelId: string;
  userId: string;
  threadTs: string | null;
  messageTs: string | null;
  usesLeft: number;
  expiresAtMs: number;
}

export interface WorkspaceSetup<Person extends string, App extends string, Channel extends string> {
  people: Record<Person, PersonSetup>;
  groups: Record<string, GroupSetup<Person>>;
  channels: Record<Channel, ChannelSetup<Person, App>>;
  apps: Record<App, AppSetup>;
  features: Partial<Features>;
  editWindowMs: number | null;
  readMs: () => number;
}

export function createWorkspace<P extends string, A extends string, C extends string>(
  setup: WorkspaceSetup<P, A, C>,
): Workspace {
  const clock = createSlackClock(setup.readMs);
  const workspace: Workspace = {
    team: { id: 'T0WORKSHOP', name: 'Workshop', domain: 'workshop' },
    clock,
    ids: createIds(),
    features: { planBlocks: true, agentSessions: true, ...setup.features },
    users: new Map(),
    groups: new Map(),
    channels: new Map(),
    apps: new Map(),
    files: new Map(),
    views: new Map(),
    modals: new Map(),
    homes: new Map(),
    triggers: new Map(),
    ephemerals: [],
    sessions: new Map(),
    responseUrls: new Map(),
    editWindowMs: setup.editWindowMs,
    baseUrl: '',
  };
  for (const [name, person] of entries(setup.people)) addPerson(workspace, name, person);
  for (const [name, app] of entries(setup.apps)) addApp(workspace, name, app);
  for (const [handle, group] of Object.entries(setup.groups)) {
    const id = workspace.ids.named('S', handle);
    const userIds = group.people.map((name) => userNamed(workspace, name).id);
    workspace.groups.set(id, { id, handle, userIds, isDisabled: false });
  }
  for (const [name, channel] of entries(setup.channels)) {
    const people = (channel.people ?? entries(setup.people).map(([person]) => person)).map(
      (person) => userNamed(workspace, person).id,
    );
    const bots = (channel.apps ?? entries(setup.apps).map(([app]) => app)).map(
      (app) => appNamed(workspace, app).botUserId,
    );
    addChannel(workspace, {
      name,
      kind: channel.isGroupMessage === true ? 'mpim' : channel.isPrivate === true ? 'private' : 'public',
      isArchived: channel.isArchived === true,
      members: [...people, ...bots],
    });
  }
  return workspace;
}

function addPerson(workspace: Workspace, name: string, setup: PersonSetup): SlackUser {
  const realName = setup.realName ?? name.charAt(0).toUpperCase() + name.slice(1);
  const user: SlackUser = {
    id: workspace.ids.named('U', name),
    name,
    realName,
    displayName: setup.displayName ?? realName,
    email: `${name}@example.com`,
    isBot: false,
    isDeleted: false,
    timeZone: setup.timeZone ?? 'Europe/Amsterdam',
    offsetS: setup.offsetS ?? 3600,
  };
  workspace.users.set(user.id, user);
  return user;
}

function addApp(workspace: Workspace, name: string, setup: AppSetup): SlackApp {
  const botName = setup.botName ?? name;
  const bot = addPerson(workspace, `${name}-bot`, { realName: botName });
  Object.assign(bot, { name: botName, isBot: true });
  const kept = (all: readonly string[], without: readonly string[] = []) =>
    new Set(all.filter((one) => !without.includes(one)));
  const app: SlackApp = {
    name,
    id: workspace.ids.named('A', name),
    botId: workspace.ids.named('B', name),
    botUserId: bot.id,
    botName,
    botToken: `xoxb-${name}-${randomUUID()}`,
    appToken: `xapp-1-${name}-${randomUUID()}`,
    signingSecret: randomBytes(16).toString('hex'),
    verificationToken: randomBytes(12).toString('hex'),
    scopes: kept(setup.scopes ?? ALL_SCOPES, setup.withoutScopes),
    appScopes: new Set(setup.appScopes ?? ['connections:write']),
    events: kept(setup.events ?? Object.keys(EVENT_SCOPES), setup.withoutEvents),
    commands: new Set(setup.commands ?? ['/workbench', '/sprint', '/idea', '/backlog', '/halt', '/retro']),
    isAgent: setup.isAgent ?? true,
    isRevoked: false,
    requestUrl: setup.requestUrl ?? null,
  };
  workspace.apps.set(app.id, app);
  return app;
}

function addChannel(
  workspace: Workspace,
  setup: { name: string; kind: SlackChannel['kind']; isArchived: boolean; members: readonly string[] },
): SlackChannel {
  const id = workspace.ids.named(setup.kind === 'im' ? 'D' : 'C', setup.name);
  const channel: SlackChannel = {
    id,
    name: setup.name,
    kind: setup.kind,
    isArchived: setup.isArchived,
    members: new Set(setup.members),
    messages: [],
    createdAtMs: workspace.clock.nowMs(),
  };
  workspace.channels.set(id, channel);
  return channel;
}

/** The direct message between a person and another user; made when there was none. */
export function directMessage(workspace: Workspace, userId: string, otherId: string): SlackChannel {
  for (const channel of workspace.channels.values())
    if (channel.kind === 'im' && channel.members.has(userId) && channel.members.has(otherId)) return channel;
  const name = [userId, otherId].map((id) => workspace.users.get(id)?.name ?? id).join('-');
  return addChannel(workspace, { name, kind: 'im', isArchived: false, members: [userId, otherId] });
}

export function userNamed(workspace: Workspace, name: string): SlackUser {
  for (const user of workspace.users.values()) if (user.id === name || (user.name === name && !user.isBot)) return user;
  throw new Error(`The stand-in Slack has no person ${name}. Name them in startSlack({ people }).`);
}

export function appNamed(workspace: Workspace, name: string): SlackApp {
  for (const app of workspace.apps.values()) if (app.name === name || app.id === name) return app;
  throw new Error(`The stand-in Slack has no app ${name}. Name it in startSlack({ apps }).`);
}

export function channelNamed(workspace: Workspace, nameOrId: string): SlackChannel {
  const name = nameOrId.replace(/^#/, '');
  for (const channel of workspace.channels.values()) if (channel.id === name || channel.name === name) return channel;
  throw new Error(`The stand-in Slack has no channel ${nameOrId}. Name it in startSlack({ channels }).`);
}

function entries<Key extends string, Value>(record: Record<Key, Value>): [Key, Value][] {
  return Object.entries(record) as [Key, Value][];
}

export function groupNamed(workspace: Workspace, handle: string): SlackGroup {
  for (const group of workspace.groups.values()) if (group.handle === handle) return group;
  throw new Error(`The stand-in Slack has no group ${handle}. Name it in startSlack({ groups }).`);
}
