import type { SocketMode } from '../delivery/socket-mode.ts';
import { AGENTS } from './agents.ts';
import { authMethods } from './auth.ts';
import { CHAT } from './chat.ts';
import { CONVERSATIONS } from './conversations.ts';
import { fileMethods } from './files.ts';
import type { PendingUploads } from './files.ts';
import type { Method } from './method.ts';
import { REACTIONS } from './reactions.ts';
import { USERS } from './users.ts';
import { VIEWS } from './views.ts';

/** Every method that the stand-in knows, by Slack's name for it. */
export function allMethods(sockets: SocketMode, pending: PendingUploads): Readonly<Record<string, Method>> {
  return {
    ...authMethods(sockets),
    ...CHAT,
    ...CONVERSATIONS,
    ...USERS,
    ...VIEWS,
    ...REACTIONS,
    ...AGENTS,
    ...fileMethods(pending),
  };
}
