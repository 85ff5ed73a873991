import { existsSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, type Browser, type BrowserContext, type Page } from 'playwright-core';
import { createRoom } from '#bots/room/create-room.ts';
import { serve, type Served } from '#infra/http/serve.ts';
import { silentLog } from '#src/ports/log.ts';
import { createFakeDesk, type FakeDesk } from './fake-desk.ts';
import { token } from './room-client.ts';

const chromiumPath = '/usr/bin/chromium';
export const hasChromium = existsSync(chromiumPath);
/** Ends the title of tests that need it. */
export const needsChromium = hasChromium ? '' : ` (skipped: ${chromiumPath} is not installed)`;

export const pages = [
  '/',
  '/projects/project-1',
  '/projects/project-2',
  '/ideas/idea-1',
  '/tasks/task-12',
  '/tasks/task-12/diff',
  '/tasks/task-12/run',
  '/projects/project-1/lessons',
  '/projects/project-1/retrospectives',
  '/projects/project-1/incidents',
  '/projects/project-2/lessons',
  '/ledger',
  '/setup',
];

export function launchChromium(): Promise<Browser> {
  return chromium.launch({
    executablePath: chromiumPath,
    args: [
      '--headless',
      '--no-sandbox',
      '--disable-gpu',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
}

export interface OpenRoom {
  desk: FakeDesk;
  page: Page;
  url: string;
  /** What the console complained of, and errors of scripts. */
  complaints: string[];
  go(path: string): Promise<void>;
  /** Asks the page; see `fixtures/in-page.js`. */
  ask<T>(question: string): Promise<T>;
  /** Waits until the page says yes. */
  until(question: string): Promise<void>;
  stopServer(): Promise<void>;
  /** On the same port, as after a crash. */
  startServer(): Promise<void>;
  close(): Promise<void>;
}

export interface RoomSetting {
  desk?: FakeDesk;
  width?: number;
  height?: number;
  colorScheme?: 'light' | 'dark';
  maxUploadBytes?: number;
}

/** A served room, and a browser that came in by the printed address. */
export async function openRoom(browser: Browser, setting: RoomSetting = {}): Promise<OpenRoom> {
  const desk = setting.desk ?? createFakeDesk();
  let served: Served | null = null;
  let url = '';
  const uploadFolder = mkdtempSync(join(tmpdir(), 'room-browser-'));
  const handler = createRoom({
    desk,
    actor: 'local',
    token,
    origin: () => url,
    uploadFolder,
    log: silentLog,
    ...(setting.maxUploadBytes === undefined ? {} : { maxUploadBytes: setting.maxUploadBytes }),
  });
  const startServer = async (): Promise<void> => {
    const port = url === '' ? 0 : Number(new URL(url).port);
    served = await serve({ handler, port, portIsExplicit: port !== 0, log: silentLog });
    url = served.url;
  };
  await startServer();
  const context: BrowserContext = await browser.newContext({
    viewport: { width: setting.width ?? 1400, height: setting.height ?? 900 },
    colorScheme: setting.colorScheme ?? 'light',
  });
  await context.addInitScript({ path: join(import.meta.dirname, 'fixtures/in-page.js') });
  const page = await context.newPage();
  // It only ends what hangs.
  page.setDefaultTimeout(60_000);
  const complaints: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(error.message));
  await page.goto(`${url}/?token=${token}`);
  return {
    desk,
    page,
    url,
    complaints,
    go: async (path) => {
      await page.goto(url + path, { waitUntil: 'load' });
    },
    ask: <T>(question: string): Promise<T> => page.evaluate<T>(question),
    // Playwright's own waiting evaluates text inside the page, which the page's policy refuses.
    until: async (question) => {
      while (!(await page.evaluate<boolean>(question))) await page.waitForTimeout(30);
    },
    stopServer: async () => {
      await served?.close();
    },
    startServer,
    close: async () => {
      await context.close();
      await served?.close();
    },
  };
}

/** Waits until every live line of the page is heard by the desk, so that nothing is posted before anybody listens. */
export async function linesOpen(room: OpenRoom, count: number): Promise<void> {
  while (room.desk.listeners() < count) await room.page.waitForTimeout(20);
}
