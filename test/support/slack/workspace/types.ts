import type { Json } from './json.ts';

/**
 * What a Slack workspace holds. A *person* is a user of flesh and blood; a *bot* is the user that an app acts as.
 * Ids are Slack's: U user, S user group, C channel, D direct message, A app, B bot, F file, V view.
 */
export interface SlackUser {
  id: string;
  name: string;
  realName: string;
  displayName: string;
  email: string;
  isBot: boolean;
  /** Left the workspace. */
  isDeleted: boolean;
  timeZone: string;
  /** Seconds east of Greenwich. */
  offsetS: number;
}

export interface SlackGroup {
  id: string;
  handle: string;
  userIds: string[];
  isDisabled: boolean;
}

export interface SlackChannel {
  id: string;
  name: string;
  /** `im` is between two, `mpim` among a few. */
  kind: 'public' | 'private' | 'im' | 'mpim';
  isArchived: boolean;
  /** Ids of people and bots. */
  members: Set<string>;
  /** Oldest first. */
  messages: SlackMessage[];
  createdAtMs: number;
}

export interface SlackMessage {
  ts: string;
  /** Of the thread's first message; null outside threads, and on that first message until somebody replies. */
  threadTs: string | null;
  subtype: string | null;
  userId: string | null;
  app: SlackApp | null;
  /** Set by `chat:write.customize`. */
  username: string | null;
  icons: Json | null;
  text: string;
  blocks: Json[];
  attachments: Json[];
  files: SlackFile[];
  metadata: Json | null;
  clientMessageId: string | null;
  edited: { userId: string; ts: string } | null;
  /** Emoji name to the users who set it. */
  reactions: Map<string, string[]>;
  /** Deleted while it had replies: Slack keeps a tombstone. */
  isTombstone: boolean;
  unfurlLinks: boolean;
  unfurlMedia: boolean;
  /** Every text that it has had, oldest first. */
  versions: string[];
}

export interface SlackFile {
  id: string;
  name: string;
  title: string;
  mimetype: string;
  filetype: string;
  mode: 'hosted' | 'snippet';
  userId: string;
  content: Buffer;
  createdAtMs: number;
  /** Where it was shared. */
  channelIds: Set<string>;
}

export interface SlackApp {
  /** As tests name it. */
  name: string;
  id: string;
  botId: string;
  botUserId: string;
  botName: string;
  botToken: string;
  appToken: string;
  signingSecret: string;
  verificationToken: string;
  /** Of the bot token. */
  scopes: Set<string>;
  /** Of the app-level token. */
  appScopes: Set<string>;
  /** Names of the events that it subscribes to, as in its manifest: `message.channels`, `app_mention`, … */
  events: Set<string>;
  commands: Set<string>;
  /** Declared as an agent in its settings. */
  isAgent: boolean;
  isRevoked: boolean;
  /** Where its events go by signed HTTP; null: by Socket Mode. */
  requestUrl: string | null;
}

export interface SlackView {
  id: string;
  app: SlackApp;
  userId: string;
  hash: string;
  rootId: string;
  previousId: string | null;
  /** What the app sent, with its block and action ids filled in. */
  view: Json;
  /** `values[block_id][action_id]` */
  values: Record<string, Record<string, Json>>;
}

export interface Ephemeral {
  ts: string;
  channelId: string;
  userId: string;
  threadTs: string | null;
  text: string;
  blocks: Json[];
  app: SlackApp;
}
