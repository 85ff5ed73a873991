import { blockRules } from './blocks/block-rules.ts';
import { createDeliveries } from './delivery/deliveries.ts';
import type { Deliveries } from './delivery/deliveries.ts';
import { createDeliveryFaults } from './delivery/delivery-faults.ts';
import type { DeliveryFaults } from './delivery/delivery-faults.ts';
import { createPublisher } from './delivery/publisher.ts';
import type { Publisher } from './delivery/publisher.ts';
import { createSocketMode } from './delivery/socket-mode.ts';
import { createInteractions } from './people/interactions.ts';
import { createModals } from './people/modals.ts';
import { createPerson, tsOf } from './people/person.ts';
import type { MessageRef, SlackPerson } from './people/person.ts';
import { findMessage } from './people/interactions.ts';
import { channelTranscript, ephemeralText, messageText, threadTranscript, viewText } from './reading/transcript.ts';
import type { Api, RecordedCall } from './web-api/answer-call.ts';
import { createCallFaults } from './web-api/call-faults.ts';
import type { CallFaults } from './web-api/call-faults.ts';
import { createRateLimits } from './web-api/limits.ts';
import type { RateLimits } from './web-api/limits.ts';
import { allMethods } from './web-api/methods.ts';
import type { PendingUploads } from './web-api/files.ts';
import type { AppSetup, ChannelSetup, Features, GroupSetup, PersonSetup } from './workspace/setup.ts';
import { listen } from './server.ts';
import { createStandInApp } from './stand-in-app.ts';
import type { StandInApp } from './stand-in-app.ts';
import type { SlackClock } from './workspace/clock.ts';
import type { Ephemeral, SlackChannel, SlackMessage, SlackView } from './workspace/types.ts';
import { appNamed, channelNamed, createWorkspace, groupNamed, userNamed } from './workspace/workspace.ts';
import type { Workspace } from './workspace/workspace.ts';

/** A workspace for a test. Left out: Ana and Ben, both with the app `workbench` in the channel `ideas`. */
export interface SlackOptions<Person extends string, App extends string, Channel extends string> {
  people?: Record<Person, PersonSetup>;
  groups?: Record<string, GroupSetup<NoInfer<Person>>>;
  channels?: Record<Channel, ChannelSetup<NoInfer<Person>, NoInfer<App>>>;
  apps?: Record<App, AppSetup>;
  features?: Partial<Features>;
  /** `slack`: as strict as Slack. Default: none, so that tests need not wait. */
  limits?: 'none' | 'slack';
  /** Messages older than this cannot be edited. Default: no limit. */
  editWindowMs?: number;
  /** Slack waits 3 s. Default: 30 s, so that a slow machine redelivers nothing; make it short to see it redeliver. */
  ackTimeoutMs?: number;
  /** Pauses before an event is sent again; one for each further attempt. Default: shorter than Slack's. */
  retryAfterMs?: readonly number[];
  readMs?: () => number;
}

export interface StandInSlack<Person extends string, App extends string, Channel extends string> {
  /** For `clientOptions: { slackApiUrl }`. */
  url: string;
  team: { id: string; name: string; domain: string };
  clock: SlackClock;
  people: Record<Person, SlackPerson>;
  apps: Record<App, StandInApp>;
  /** Ids by name. */
  channels: Record<Channel, string>;
  /** Ids by handle. */
  groups: Record<string, string>;
  /** Every call that came, oldest first. */
  calls: RecordedCall[];
  callsTo(method: string): RecordedCall[];
  /** What goes wrong with calls. */
  faults: CallFaults;
  limits: RateLimits;
  /** What goes wrong on the way to the apps. */
  deliveryFaults: DeliveryFaults;
  deliveries: Deliveries;
  /**
   * Resolves when the apps have acknowledged, or have had all their attempts. Bolt acknowledges before its listeners
   * run: wait for what they do, not for this.
   */
  settled(): Promise<void>;
  archive(channel: string): void;
  unarchive(channel: string): void;
  rename(channel: string, name: string): void;
  setGroup(handle: string, people: readonly Person[]): void;
  disableGroup(handle: string): void;
  /** All of a channel, oldest first, replies among the rest. */
  messages(channel: string): SlackMessage[];
  /** The last message that says so, in its text or its blocks. */
  find(channel: string, words: string): SlackMessage;
  message(ref: MessageRef): SlackMessage;
  replies(ref: MessageRef): SlackMessage[];
  /** What a person sees, as text. */
  transcript(channel: string): string;
  thread(ref: MessageRef): string;
  read(what: SlackMessage | Ephemeral | SlackView): string;
  ephemerals(person: Person): Ephemeral[];
  sessions(): Workspace['sessions'];
  /** The parts underneath, for what is not made easier here. */
  workspace: Workspace;
  publisher: Publisher;
  close(): Promise<void>;
}

export async function startSlack<
  P extends string = 'ana' | 'ben',
  A extends string = 'workbench',
  C extends string = 'ideas',
>(options: SlackOptions<P, A, C> = {}): Promise<StandInSlack<P, A, C>> {
  const rules = await blockRules();
  const people = options.people ?? ({ ana: {}, ben: {} } as unknown as Record<P, PersonSetup>);
  const apps = options.apps ?? ({ workbench: {} } as unknown as Record<A, AppSetup>);
  const channels = options.channels ?? ({ ideas: {} } as unknown as Record<C, ChannelSetup<P, A>>);
  const workspace = createWorkspace({
    people,
    apps,
    channels,
    groups: options.groups ?? {},
    features: options.features ?? {},
    editWindowMs: options.editWindowMs ?? null,
    readMs: options.readMs ?? Date.now,
  });
  const sockets = createSocketMode(workspace);
  const deliveryFaults = createDeliveryFaults();
  const deliveries = createDeliveries(workspace, sockets, deliveryFaults, {
    ackTimeoutMs: options.ackTimeoutMs ?? 30_000,
    retryAfterMs: options.retryAfterMs ?? [50, 200, 400],
  });
  const publisher = createPublisher(workspace, deliveries);
  const pending: PendingUploads = new Map();
  const api: Api = {
    workspace,
    methods: allMethods(sockets, pending),
    limits: createRateLimits(options.limits ?? 'none', workspace.clock),
    faults: createCallFaults(),
    calls: [],
    tools: { rules, publisher },
  };
  const server = await listen(api, sockets, pending);
  workspace.baseUrl = server.url;
  const tools = {
    workspace,
    publisher,
    interactions: createInteractions(workspace, deliveries, rules),
    modals: createModals(workspace, deliveries, rules),
  };
  const byName = <Name extends string, Value>(record: Record<Name, unknown>, make: (name: Name) => Value) =>
    Object.fromEntries((Object.keys(record) as Name[]).map((name) => [name, make(name)])) as Record<Name, Value>;

  return {
    url: `${server.url}/api/`,
    team: workspace.team,
    clock: workspace.clock,
    people: byName(people, (name) => createPerson(tools, userNamed(workspace, name))),
    apps: byName(apps, (name) =>
      createStandInApp(appNamed(workspace, name), { workspace, sockets, deliveries, publisher }),
    ),
    channels: byName(channels, (name) => channelNamed(workspace, name).id),
    groups: Object.fromEntries([...workspace.groups.values()].map(({ handle, id }) => [handle, id])),
    calls: api.calls,
    callsTo: (method) => api.calls.filter((call) => call.method === method),
    faults: api.faults,
    limits: api.limits,
    deliveryFaults,
    deliveries,
    settled: () => deliveries.settled(),
    archive: (name) => setArchived(workspace, publisher, name, true),
    unarchive: (name) => setArchived(workspace, publisher, name, false),
    rename(name, newName) {
      const channel = channelNamed(workspace, name);
      channel.name = newName;
      const type = channel.kind === 'private' ? 'group_rename' : 'channel_rename';
      const created = Math.trunc(channel.createdAtMs / 1000);
      const event_ts = workspace.clock.nextTs();
      publisher.inChannel(type, channel, { type, channel: { id: channel.id, name: newName, created }, event_ts });
    },
    setGroup(handle, names) {
      groupNamed(workspace, handle).userIds = names.map((name) => userNamed(workspace, name).id);
    },
    disableGroup(handle) {
      groupNamed(workspace, handle).isDisabled = true;
    },
    messages: (name) => channelNamed(workspace, name).messages,
    find(name, words) {
      const found = channelNamed(workspace, name).messages.findLast(
        (message) => message.text.includes(words) || messageText(workspace, message).includes(words),
      );
      if (found === undefined)
        throw new Error(`No message in ${name} says “${words}”:\n${channelTranscript(workspace, name)}`);
      return found;
    },
    message: (ref) => findMessage(workspace, tsOf(ref)).message,
    replies: (ref) => {
      const { channel, message } = findMessage(workspace, tsOf(ref));
      return channel.messages.filter(({ threadTs, ts }) => threadTs === message.ts && ts !== message.ts);
    },
    transcript: (name) => channelTranscript(workspace, name),
    thread(ref) {
      const { channel, message } = findMessage(workspace, tsOf(ref));
      return threadTranscript(workspace, channel, message);
    },
    read: (what) =>
      'view' in what
        ? viewText(workspace, what)
        : 'versions' in what
          ? messageText(workspace, what)
          : ephemeralText(workspace, what),
    ephemerals: (name) => workspace.ephemerals.filter(({ userId }) => userId === userNamed(workspace, name).id),
    sessions: () => workspace.sessions,
    workspace,
    publisher,
    async close() {
      deliveries.stop();
      sockets.closeAll();
      await server.close();
    },
  };
}

function setArchived(workspace: Workspace, publisher: Publisher, name: string, isArchived: boolean): void {
  const channel: SlackChannel = channelNamed(workspace, name);
  channel.isArchived = isArchived;
  const kind = channel.kind === 'private' ? 'group' : 'channel';
  const type = `${kind}_${isArchived ? 'archive' : 'unarchive'}`;
  const event_ts = workspace.clock.nextTs();
  publisher.inChannel(type, channel, { type, channel: channel.id, user: 'USLACKBOT', event_ts });
}
