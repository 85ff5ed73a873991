import type { Scope } from './scopes.ts';

const conversation = ['channels:read', 'groups:read', 'im:read', 'mpim:read'] as const;
const history = ['channels:history', 'groups:history', 'im:history', 'mpim:history'] as const;

/**
 * Every method of the Web API that this surface calls, with the permissions that Slack asks for. A method of
 * conversations needs the one that fits the kind of channel; ours may be of any kind. A test reads the calls in the
 * code, so that none is forgotten here.
 */
export const methodScopes = {
  'agents.sessions.setStatus': ['chat:write', 'chat:write.customize', 'assistant:write'],
  'auth.test': [],
  'bots.info': ['users:read'],
  'chat.getPermalink': [],
  'chat.postEphemeral': ['chat:write'],
  'chat.postMessage': ['chat:write', 'chat:write.customize'],
  'chat.update': ['chat:write'],
  'conversations.history': history,
  'conversations.info': conversation,
  'conversations.members': conversation,
  'conversations.replies': history,
  'files.completeUploadExternal': ['files:write'],
  'files.getUploadURLExternal': ['files:write'],
  'files.info': ['files:read'],
  'reactions.add': ['reactions:write'],
  'usergroups.list': ['usergroups:read'],
  'usergroups.users.list': ['usergroups:read'],
  'users.info': ['users:read'],
  'views.open': [],
  'views.publish': [],
  'views.push': [],
  'views.update': [],
} as const satisfies Readonly<Record<string, readonly Scope[]>>;

/** Called with the app-level token, which has a permission of its own: `connections:write`. */
export const appLevelMethods = ['apps.connections.open'] as const;
