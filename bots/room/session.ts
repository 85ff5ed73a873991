import { createHmac, createHash, randomBytes, timingSafeEqual } from 'node:crypto';

/** One browser that exchanged the token. */
export interface Session {
  id: string;
  /** Asked back with everything that changes something. */
  csrf: string;
}

/**
 * Sessions without a table: a cookie holds a random id and its signature under the token. The cookie is not the
 * token and the token cannot be had from it. The token stays good for as long as its owner keeps it, because people
 * open the printed address again; whoever restarts with the same token finds the open pages still signed in.
 */
export interface Sessions {
  acceptsToken(candidate: string): boolean;
  /** A new session's cookie value. */
  issue(): string;
  read(cookie: string | undefined): Session | null;
}

export function sameText(left: string, right: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(left), digest(right));
}

export function createSessions(token: string): Sessions {
  const sign = (purpose: string, id: string): string =>
    createHmac('sha256', token).update(`room ${purpose} ${id}`).digest('base64url');
  return {
    acceptsToken: (candidate) => sameText(candidate, token),
    issue: () => {
      const id = randomBytes(18).toString('base64url');
      return `${id}.${sign('session', id)}`;
    },
    read: (cookie) => {
      const [id, signature, ...rest] = (cookie ?? '').split('.');
      if (id === undefined || signature === undefined || rest.length > 0) return null;
      return sameText(signature, sign('session', id)) ? { id, csrf: sign('csrf', id) } : null;
    },
  };
}
