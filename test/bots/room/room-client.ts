import { tmpdir } from 'node:os';
import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { createRoom, type RoomOptions } from '#bots/room/create-room.ts';
import { silentLog } from '#src/ports/log.ts';
import { createFakeDesk, type FakeDesk } from './fake-desk.ts';

export const token = 'a-token-of-thirty-two-characters';
export const origin = 'http://127.0.0.1:4747';

export interface Visit {
  method?: string;
  headers?: Record<string, string>;
  body?: string | Uint8Array<ArrayBuffer> | ReadableStream<Uint8Array>;
}

/** A browser without a window: it keeps the cookie and the CSRF token, and says what a browser says. */
export interface RoomClient {
  desk: FakeDesk;
  uploadFolder: string;
  /** Exactly this request, nothing added. */
  raw(path: string, visit?: Visit): Promise<Response>;
  /** Comes in with the token and keeps the cookie. */
  enter(): Promise<void>;
  cookie(): string;
  csrf(): Promise<string>;
  get(path: string, headers?: Record<string, string>): Promise<Response>;
  text(path: string): Promise<string>;
  /** A form as one of our pages sends it with htmx. */
  post(path: string, fields: Record<string, string>, headers?: Record<string, string>): Promise<Response>;
}

export function createClient(options: Partial<RoomOptions> & { desk?: FakeDesk } = {}): RoomClient {
  const desk = options.desk ?? createFakeDesk();
  const uploadFolder = mkdtempSync(join(tmpdir(), 'room-test-'));
  const handler = createRoom({
    actor: 'local',
    token,
    origin: () => origin,
    uploadFolder,
    log: silentLog,
    ...options,
    desk,
  });
  let cookie = '';
  const raw = (path: string, visit: Visit = {}): Promise<Response> =>
    handler(
      new Request(`${origin}${path}`, {
        method: visit.method ?? 'GET',
        headers: { host: '127.0.0.1:4747', ...visit.headers },
        ...(visit.body === undefined ? {} : { body: visit.body, duplex: 'half' }),
      } as RequestInit),
    );
  const csrf = async (): Promise<string> => {
    const page = await (await raw('/setup', { headers: { cookie } })).text();
    return /data-csrf="([^"]+)"/.exec(page)?.[1] ?? '';
  };
  return {
    desk,
    uploadFolder,
    raw,
    cookie: () => cookie,
    csrf,
    enter: async () => {
      const answer = await raw(`/?token=${token}`);
      cookie = (answer.headers.get('set-cookie') ?? '').split(';')[0] ?? '';
    },
    get: (path, headers = {}) => raw(path, { headers: { cookie, ...headers } }),
    text: async (path) => (await raw(path, { headers: { cookie } })).text(),
    post: async (path, fields, headers = {}) =>
      raw(path, {
        method: 'POST',
        headers: {
          cookie,
          origin: 'null',
          'sec-fetch-site': 'same-origin',
          'hx-request': 'true',
          'x-csrf-token': await csrf(),
          'content-type': 'application/x-www-form-urlencoded',
          ...headers,
        },
        body: new URLSearchParams(fields).toString(),
      }),
  };
}

export async function enteredClient(options: Partial<RoomOptions> & { desk?: FakeDesk } = {}): Promise<RoomClient> {
  const client = createClient(options);
  await client.enter();
  return client;
}
