import type { Scope } from './scopes.ts';

interface Subscription {
  reason: string;
  scopes: readonly Scope[];
}

/** What Slack is asked to tell, and why. */
export const eventReasons = {
  app_home_opened: { reason: 'Draws the stage board when somebody opens the Home tab.', scopes: [] },
  app_mention: { reason: 'A mention starts a conversation, or asks something in one.', scopes: ['app_mentions:read'] },
  channel_archive: { reason: 'Says in the log that a channel takes no posts any more.', scopes: ['channels:read'] },
  channel_rename: { reason: 'Keeps the name of a bound channel right.', scopes: ['channels:read'] },
  channel_unarchive: { reason: 'Posts what waited while a channel was archived.', scopes: ['channels:read'] },
  group_archive: { reason: 'The same as channel_archive, for private channels.', scopes: ['groups:read'] },
  group_rename: { reason: 'The same as channel_rename, for private channels.', scopes: ['groups:read'] },
  group_unarchive: { reason: 'The same as channel_unarchive, for private channels.', scopes: ['groups:read'] },
  member_joined_channel: {
    reason: 'Posts what waited once the app is invited to a channel.',
    scopes: ['channels:read', 'groups:read'],
  },
  member_left_channel: {
    reason: 'Notices that the app was removed from a channel.',
    scopes: ['channels:read', 'groups:read'],
  },
  'message.channels': { reason: 'Hears replies in public channels.', scopes: ['channels:history'] },
  'message.groups': { reason: 'Hears replies in private channels.', scopes: ['groups:history'] },
  'message.im': { reason: 'Hears direct messages.', scopes: ['im:history'] },
  'message.mpim': { reason: 'Hears group messages.', scopes: ['mpim:history'] },
  reaction_added: { reason: 'Sees the factory emoji that takes a thread in.', scopes: ['reactions:read'] },
  tokens_revoked: { reason: 'Says in the log that Slack took its token back.', scopes: [] },
  agent_session_stopped: { reason: 'The native Stop button stops the task at once.', scopes: ['assistant:write'] },
} as const satisfies Readonly<Record<string, Subscription>>;

export type EventName = keyof typeof eventReasons;

/** The events of the one app, in a stable order. */
export function botEvents(options: { agent: boolean }): EventName[] {
  const names = Object.keys(eventReasons) as EventName[];
  return options.agent ? names : names.filter((name) => name !== 'agent_session_stopped');
}
