import type { MiddlewareHandler } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { getCookie, setCookie } from 'hono/cookie';
import { html } from 'hono/html';
import { isLoopbackHost } from '../guards/loopback-host.ts';
import { isOwnPage } from '../guards/same-origin.ts';
import { maxFormBytes } from '../forms.ts';
import type { Room, RoomContext, RoomEnv } from '../room.ts';
import { sameText, type Sessions } from '../session.ts';
import { drawProblem } from '../views/problem.ts';
import { drawPlainPage } from '../views/shell.ts';
import { wantsPiece } from '../room.ts';

type Guard = MiddlewareHandler<RoomEnv>;

/** A session lasts as long as the browser keeps it; the token decides whether it is still good. */
const cookieMaxAgeSeconds = 90 * 24 * 60 * 60;

/** Cookies know no ports, so the name does: two workbenches on one machine do not sign each other out. */
function cookieName(room: Room): string {
  return `workbench-room-${new URL(room.origin()).port || '80'}`;
}

function hostOf(c: RoomContext): string {
  return c.req.header('host') ?? new URL(c.req.url).host;
}

function refuse(
  c: RoomContext,
  room: Room,
  status: 401 | 403 | 413,
  title: string,
  body: ReturnType<typeof html>,
): Response | Promise<Response> {
  c.status(status);
  if (wantsPiece(c)) return c.html(drawProblem({ code: 'refused', message: title, fix: '' }));
  return c.html(drawPlainPage(title, body, { asset: room.assets.url }));
}

/** DNS rebinding: a name that was re-pointed at this machine is not ours. */
export function guardHost(room: Room): Guard {
  return async (c, next) => {
    if (isLoopbackHost(hostOf(c), room.origin())) return next();
    return refuse(
      c,
      room,
      403,
      'This address is not the room’s',
      html`<p>The room answers only at this machine’s own address. Open <code>${room.origin()}</code>.</p>`,
    );
  };
}

/** Requests that another page sends, also one on another port of this machine. */
export function guardSender(room: Room): Guard {
  return async (c, next) => {
    const header = (name: string): string | null => c.req.header(name) ?? null;
    const sender = {
      method: c.req.method,
      host: hostOf(c),
      origin: header('origin'),
      site: header('sec-fetch-site'),
      mode: header('sec-fetch-mode'),
    };
    if (isOwnPage(sender)) return next();
    return refuse(
      c,
      room,
      403,
      'This came from another page',
      html`<p>The room takes requests from its own pages only.</p>`,
    );
  };
}

/** `GET /?token=…` becomes a cookie, and the token leaves the address bar and the history. */
export function exchangeToken(room: Room, sessions: Sessions): Guard {
  return async (c, next) => {
    const token = c.req.query('token');
    if (c.req.method !== 'GET' || c.req.path !== '/' || token === undefined) return next();
    if (!sessions.acceptsToken(token)) {
      if (sessions.read(getCookie(c, cookieName(room))) !== null) return c.redirect('/', 303);
      return refuse(
        c,
        room,
        403,
        'This address is no longer good',
        html`<p>Open the newest address that the workbench printed after <code>Room:</code>.</p>`,
      );
    }
    setCookie(c, cookieName(room), sessions.issue(), {
      httpOnly: true,
      sameSite: 'Strict',
      path: '/',
      maxAge: cookieMaxAgeSeconds,
    });
    return c.redirect('/', 303);
  };
}

export function requireSession(room: Room, sessions: Sessions): Guard {
  return async (c, next) => {
    const session = sessions.read(getCookie(c, cookieName(room)));
    if (session === null) {
      return refuse(
        c,
        room,
        401,
        'Please come in through the front door',
        html`<p>Open the address that the workbench printed after <code>Room:</code> when it started.</p><p>If this browser has been here before, <a href="${c.req.path.startsWith('//') ? '/' : c.req.path}">go on</a>.</p>`,
      );
    }
    c.set('session', session);
    c.header('cache-control', 'no-store');
    return next();
  };
}

/** Forms are small. Files have a road and a limit of their own. */
export function limitForms(room: Room): Guard {
  const limit = bodyLimit({
    maxSize: maxFormBytes,
    onError: (c) =>
      refuse(c, room, 413, 'This text is too long', html`<p>Save it to a file and drop the file instead.</p>`),
  });
  return (c, next) => {
    if (isFile(c)) return next();
    // What says no length is read and counted, and put back into a request of Node's own kind, which the server's is not.
    if (c.req.header('content-length') === undefined) c.req.raw = plainRequest(c.req.raw);
    return limit(c, next);
  };
}

function plainRequest({ url, method, headers, body, signal }: Request): Request {
  return new Request(url, { method, headers, signal, ...(body === null ? {} : { body, duplex: 'half' }) });
}

function isFile(c: RoomContext): boolean {
  return c.req.header('content-type') === 'application/octet-stream';
}

/** Everything that changes something brings back what this session's own page was given. */
export function guardCsrf(room: Room): Guard {
  return async (c, next) => {
    if (c.req.method === 'GET' || c.req.method === 'HEAD') return next();
    const brought = c.req.header('x-csrf-token') ?? (isFile(c) ? undefined : (await c.req.parseBody())['csrf']);
    if (typeof brought === 'string' && sameText(brought, c.get('session').csrf)) return next();
    return refuse(c, room, 403, 'This page has grown old', html`<p>Load it once more and try again.</p>`);
  };
}
