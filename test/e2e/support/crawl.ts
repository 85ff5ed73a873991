import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { createRoom } from '#bots/room/create-room.ts';
import type { Workbench } from '#src/compose.ts';
import { silentLog } from '#src/ports/log.ts';
import { PROJECT_ROOT } from './workbench.ts';

const TOKEN = 'a-token-of-thirty-two-characters';
const HOST = '127.0.0.1:4747';
const ROUTES = path.join(PROJECT_ROOT, 'bots/room');

/** What a visitor saw who followed every address that a page names, and pressed nothing. */
export interface Crawl {
  /** Paths with what came back. */
  pages: ReadonlyMap<string, { status: number; text: string }>;
  /** Addresses that the room answers a GET at, and that were not visited. */
  unseen: readonly string[];
}

/** Reads the whole room over its own handler. */
export async function crawlRoom(workbench: Workbench): Promise<Crawl> {
  const origin = `http://${HOST}`;
  const room = createRoom({
    desk: workbench.createDesk(),
    actor: 'local',
    token: TOKEN,
    origin: () => origin,
    uploadFolder: path.join(workbench.homePath, 'uploads'),
    log: silentLog,
  });
  const get = (to: string, cookie: string) => room(new Request(`${origin}${to}`, { headers: { host: HOST, cookie } }));
  const door = await get(`/?token=${TOKEN}`, '');
  const cookie = (door.headers.get('set-cookie') ?? '').split(';')[0] ?? '';
  const pages = new Map<string, { status: number; text: string }>();
  // The first page asks for what is missing where there is no project yet, and a card for an answer that comes later.
  const open = ['/', '/setup/missing', '/answers/1'];
  for (let to = open.pop(); to !== undefined; to = open.pop()) {
    if (pages.has(to)) continue;
    const answer = await get(to, cookie);
    const isStream = answer.headers.get('content-type')?.startsWith('text/event-stream') === true;
    if (isStream) await answer.body?.cancel();
    const text = isStream ? '' : await answer.text();
    pages.set(to, { status: answer.status, text });
    open.push(...addressesIn(text));
    // A line that rests asks for the rail in its place.
    if (to.startsWith('/live?')) open.push(to.replace('/live?', '/rail?'));
  }
  const visited = [...pages.keys()].map((to) => to.split('?')[0] ?? '');
  return { pages, unseen: readRoutes().filter((route) => !visited.some((to) => patternOf(route).test(to))) };
}

/** Files are dropped at `/import`: nothing is read there. */
function addressesIn(page: string): string[] {
  return [...page.matchAll(/(?:href|src|hx-get|hx-sse:connect|data-[\w-]+)="(\/[^"#]*)/g)]
    .map(([, to = '']) => to.replaceAll('&amp;', '&'))
    .filter((to) => !to.endsWith('/import'));
}

/** From the source, so that a page that is added tomorrow has to be reached too. */
function readRoutes(): string[] {
  return readdirSync(ROUTES, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .flatMap((file) => [...readFileSync(path.join(ROUTES, file), 'utf8').matchAll(/app\.get\('([^']+)'/g)])
    .map(([, route = '']) => route);
}

function patternOf(route: string): RegExp {
  return new RegExp(`^${route.replaceAll(/:\w+/g, '[^/]+').replaceAll('*', '.+')}$`);
}
