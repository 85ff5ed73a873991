/** What a test says about the workspace that it wants. Everything has a default: an empty object is a whole workspace. */
export interface PersonSetup {
  realName?: string;
  displayName?: string;
  timeZone?: string;
  offsetS?: number;
}

export interface GroupSetup<Name extends string> {
  people: readonly Name[];
}

export interface ChannelSetup<Name extends string, App extends string> {
  /** Default: everybody. */
  people?: readonly Name[];
  /** Apps that were invited. Default: all. */
  apps?: readonly App[];
  isPrivate?: boolean;
  /** A group message. */
  isGroupMessage?: boolean;
  isArchived?: boolean;
}

export interface AppSetup {
  /** The bot's name in the workspace. Default: the app's own. */
  botName?: string;
  /** Default: all that the stand-in knows. */
  scopes?: readonly string[];
  withoutScopes?: readonly string[];
  appScopes?: readonly string[];
  /** Default: all that the stand-in knows. */
  events?: readonly string[];
  withoutEvents?: readonly string[];
  commands?: readonly string[];
  isAgent?: boolean;
  requestUrl?: string;
}

export interface Features {
  /** `plan` and `task_card` blocks. */
  planBlocks: boolean;
  /** `agents.sessions.*` */
  agentSessions: boolean;
}

export const ALL_SCOPES = [
  'app_mentions:read',
  'assistant:write',
  'channels:history',
  'channels:join',
  'channels:read',
  'chat:write',
  'chat:write.customize',
  'chat:write.public',
  'commands',
  'emoji:read',
  'files:read',
  'files:write',
  'groups:history',
  'groups:read',
  'im:history',
  'im:read',
  'im:write',
  'mpim:history',
  'mpim:read',
  'reactions:read',
  'reactions:write',
  'team:read',
  'usergroups:read',
  'users:read',
  'users:read.email',
] as const;

/** Each with the scope that Slack wants before it sends it; null: none. */
export const EVENT_SCOPES: Readonly<Record<string, string | null>> = {
  app_home_opened: null,
  app_mention: 'app_mentions:read',
  app_uninstalled: null,
  agent_session_stopped: 'assistant:write',
  channel_archive: 'channels:read',
  channel_rename: 'channels:read',
  channel_unarchive: 'channels:read',
  file_shared: 'files:read',
  group_archive: 'groups:read',
  group_rename: 'groups:read',
  group_unarchive: 'groups:read',
  member_joined_channel: 'channels:read',
  member_left_channel: 'channels:read',
  'message.channels': 'channels:history',
  'message.groups': 'groups:history',
  'message.im': 'im:history',
  'message.mpim': 'mpim:history',
  reaction_added: 'reactions:read',
  reaction_removed: 'reactions:read',
  team_join: 'users:read',
  tokens_revoked: null,
  user_change: 'users:read',
};
