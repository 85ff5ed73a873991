import { appOfToken } from './json-web-token.ts';
import type { Hub } from '../hub/hub.ts';
import { Refusal } from '../hub/refusal.ts';
import type { App, Token } from '../hub/types.ts';

/** Who calls, by the `Authorization` header. Refuses what is wrong, revoked or expired; nobody is somebody too. */
export function authenticate(hub: Hub, header: string | undefined): { token: Token | null; app: App | null } {
  if (header === undefined) return { token: null, app: null };
  const text = /^(?:bearer|token) (\S+)$/i.exec(header)?.[1] ?? '';
  if (text.split('.').length === 3) return { token: null, app: appOfToken(hub, text) };
  if (isSuspended(hub.tokens.get(text))) throw new Refusal(403, 'This installation has been suspended');
  const token = liveToken(hub, text);
  if (token === null) throw new Refusal(401, 'Bad credentials');
  return { token, app: null };
}

export function liveToken(hub: Hub, text: string): Token | null {
  const token = hub.tokens.get(text);
  if (token === undefined || token.isRevoked || isSuspended(token)) return null;
  return token.expiresAtMs === null || token.expiresAtMs > hub.clock.nowMs() ? token : null;
}

function isSuspended(token: Token | undefined): boolean {
  return token?.kind === 'installation' && token.app !== null && token.app.suspendedAtMs !== null;
}
