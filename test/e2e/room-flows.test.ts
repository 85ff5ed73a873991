import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { chmodSync, existsSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { hasChromium, launchChromium, needsChromium } from '#test/bots/room/browser-room.ts';
import { gitIn, writeFiles } from '#test/support/repository.ts';
import { block, chatgptConversation, nodeProject, oneStory, writeExport, type Turn } from './support/talk.ts';
import { createTestWorkbench, PROJECT_ROOT, type TestWorkbench } from './support/workbench.ts';

/** Real checks on two busy cores take their time. */
const LONG_MS = 480_000;

const triple = (body: string): string => block('src/triple.js', `export function triple(n) {\n  return ${body};\n}`);
const TRIPLE_TEST = block(
  'test/triple.test.js',
  `import assert from 'node:assert/strict';
import { test } from 'node:test';
import { triple } from '../src/triple.js';
test('triple(2) returns 6', () => assert.equal(triple(2), 6));`,
);
const tripling: readonly Turn[] = [
  ['user', 'Write a function triple(n) in src/triple.js. triple(2) must return 6.'],
  ['assistant', `${triple('n * 3')}\n\n${TRIPLE_TEST}`],
  ['user', 'Great, that works.'],
];
const SLOW_TEST = `import { test } from 'node:test';
test('takes its time', () => new Promise((done) => setTimeout(done, 1500)));
`;

/** What people do after the first two minutes, on repositories of their own, against one running workbench. */
describe.skipIf(!hasChromium)(`the room, with things of one's own${needsChromium}`, () => {
  let workbench: TestWorkbench;
  let browser: Browser;
  let page: Page;
  let server: ChildProcess;
  let ended: Promise<number | null>;

  beforeAll(async () => {
    workbench = await createTestWorkbench();
    server = spawn('npm', ['--prefix', PROJECT_ROOT, 'start'], {
      cwd: workbench.folder,
      env: {
        ...process.env,
        INIT_CWD: workbench.folder,
        WORKBENCH_DATA: workbench.dataDir,
        PORT: '0',
        DATABASE_URL: '',
        REDIS_URL: '',
        APPROVERS: 'local',
      },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    ended = new Promise((resolve) => server.once('close', resolve));
    const address = await new Promise<string>((resolve, reject) => {
      let said = '';
      server.stdout?.setEncoding('utf8').on('data', (text: string) => {
        said += text;
        const found = /^Room: (\S+)$/m.exec(said)?.[1];
        if (found !== undefined) resolve(found);
      });
      void ended.then((code) => reject(new Error(`npm start ended with ${code}: ${said}`)));
    });
    browser = await launchChromium();
    const context = await browser.newContext({ viewport: { width: 1366, height: 860 } });
    page = await context.newPage();
    page.setDefaultTimeout(LONG_MS / 2);
    await page.goto(address);
  }, LONG_MS);

  afterAll(async () => {
    await browser?.close();
    server?.kill('SIGINT');
    await ended;
    await workbench?.remove();
  }, LONG_MS);

  const repository = (name: string, files: Readonly<Record<string, string>> = {}): string => {
    const folder = path.join(workbench.folder, name);
    execFileSync('mkdir', ['-p', folder]);
    chmodSync(folder, 0o755);
    writeFiles(folder, { ...nodeProject, ...files });
    gitIn(folder, 'init', '-q', '-b', 'main');
    gitIn(folder, 'add', '-A');
    gitIn(folder, '-c', 'user.name=Ana', '-c', 'user.email=ana@example.org', 'commit', '-qm', 'First');
    return folder;
  };
  const home = async (): Promise<void> => {
    await page.goto(new URL('/', page.url()).href);
    const fold = page.locator('summary', { hasText: 'Start another project' });
    if ((await fold.count()) > 0) await fold.click();
  };
  const projects = (): Promise<string[]> =>
    page.locator('#rail [aria-label="Projects"] > ul > li > a > .name').allInnerTexts();
  const bring = async (folder: string, title: string, turns: readonly Turn[]): Promise<void> => {
    await home();
    await page.locator('#start-repository').fill(folder);
    const file = writeExport(workbench.folder, `${title}.json`, chatgptConversation(title, turns));
    await page.setInputFiles('input[data-import="/import"]', file);
    await page.locator('.import-result').getByRole('link', { name: title }).click();
  };
  const commit = async (): Promise<void> => {
    const tasks = page.locator('main .feed a[href^="/tasks/"]');
    const before = await tasks.count();
    await page.getByRole('button', { name: 'Commit to sprint' }).click();
    await tasks.nth(before).click();
    await page.locator('#side .card.status').waitFor();
  };
  const say = async (place: 'main' | '#side', text: string): Promise<void> => {
    const composer = page.locator(`${place} .composer`);
    await composer.locator('textarea').fill(text);
    await composer.getByRole('button', { name: 'Send' }).click();
  };
  const aside = (place: 'main' | '#side') => page.locator(`${place} .composer .note`);
  const approve = () => page.locator('#side').getByRole('button', { name: /^Approve/ });
  const merged = () => page.locator('#side p.outcome', { hasText: /merged as [0-9a-f]{7}/ });

  test(
    'a repository that will not do and a file that is none leave nothing behind',
    async () => {
      await home();
      for (const [folder, words] of [
        [path.join(workbench.folder, 'nowhere'), 'There is nothing at'],
        [workbench.folder, 'is not a git repository'],
      ] as const) {
        await page.locator('#start-repository').fill(folder);
        await page.getByRole('button', { name: 'Start an idea' }).click();
        await page.locator('#start-note', { hasText: words }).waitFor();
        expect(await page.locator('#start-repository').inputValue()).toBe(folder);
      }
      const picture = path.join(workbench.folder, 'picture.png');
      writeFileSync(picture, Buffer.from('89504e470d0a1a0a0000000000', 'hex'));
      await page.setInputFiles('input[data-import="/import"]', picture);
      await page.locator('#start-imports', { hasText: 'no conversation to read in it' }).waitFor();
      await home();
      expect(await projects()).toEqual([]);
    },
    LONG_MS,
  );

  test(
    'changes that were requested are pasted; what was refused before can be sent again, and is merged',
    async () => {
      const folder = repository('tripler');
      await bring(folder, 'Tripling', tripling);
      await commit();
      await approve().waitFor();
      expect(await page.title()).toMatch(/^\(1\)/);
      await say('#side', triple('3 * n'));
      await aside('#side').filter({ hasText: 'Press Request changes on its card' }).waitFor();
      await page.locator('#side summary', { hasText: 'Request changes' }).click();
      await page.getByLabel('What should change?').fill('Number first, please.');
      await page.locator('#side details.ask[open]').getByRole('button', { name: 'Request changes' }).click();
      await page.locator('#side p.outcome', { hasText: 'local asked for changes.' }).waitFor();
      // The box still holds what was refused.
      await page.locator('#side .composer').getByRole('button', { name: 'Send' }).click();
      await approve().click();
      await merged().waitFor();
      expect(gitIn(folder, 'show', 'main:src/triple.js')).toContain('3 * n');
      expect(existsSync(path.join(folder, 'src/triple.js'))).toBe(true);

      await say('#side', 'stop');
      await aside('#side').filter({ hasText: 'Task 1 is already merged' }).waitFor();
    },
    LONG_MS,
  );

  test(
    'a task that was stopped goes back to the backlog; committed again it is judged by its own checks',
    async () => {
      const folder = repository('slow', { 'test/slow.test.js': SLOW_TEST });
      await bring(folder, 'Doubling', oneStory);
      await commit();
      await page.locator('#side .card.status li.now', { hasText: /build|checks|behaviour/ }).waitFor();
      await page.locator('#side summary', { hasText: 'Stop' }).click();
      await page.getByRole('button', { name: 'Yes, stop' }).click();
      await page.locator('#side .card.status', { hasText: 'was stopped' }).waitFor();
      await page.locator('#side .state', { hasText: 'stopped' }).waitFor();
      await commit();
      await approve().waitFor();
      const asked = await page.locator('#side .card.review .lead').innerText();
      const [, proven, all] = /(\d+) of (\d+) criteria proven/.exec(asked) ?? [];
      expect(Number(proven)).toBeGreaterThan(0);
      expect(proven).toBe(all);
      await approve().click();
      await merged().waitFor();
      expect(existsSync(path.join(folder, 'src/double.js'))).toBe(true);
    },
    LONG_MS,
  );

  test(
    'two windows press Approve at once: one effect, and the other is told',
    async () => {
      await bring(repository('shared'), 'Sharing', oneStory);
      await commit();
      await approve().waitFor();
      const other = await page.context().newPage();
      await other.goto(page.url());
      const there = other.locator('#side').getByRole('button', { name: /^Approve/ });
      await there.waitFor();
      await Promise.all([approve().click(), there.click()]);
      await merged().waitFor();
      await other.locator('#side p.outcome', { hasText: /merged as/ }).waitFor();
      const told = page.locator('#side .note', { hasText: /Nothing is left to decide|decided already|changed since/ });
      const toldThere = other.locator('#side .note', {
        hasText: /Nothing is left to decide|decided already|changed since/,
      });
      await expect.poll(async () => (await told.count()) + (await toldThere.count())).toBe(1);
      await other.close();
    },
    LONG_MS,
  );

  test(
    'an idea that is typed grows by answers, commands are answered, and code in it can be committed',
    async () => {
      await home();
      await page.locator('#start-repository').fill(path.join(workbench.folder, 'shared'));
      await page.locator('.own textarea').fill('We need a function triple(n) in src/triple.js.');
      await page.getByRole('button', { name: 'Start an idea' }).click();
      await page.waitForURL(/\/ideas\//);
      expect((await projects()).filter((name) => name === 'shared')).toHaveLength(1);
      const canvas = page.locator('main .card.canvas');
      await canvas.filter({ hasText: '7 questions are open' }).waitFor();
      await say('main', 'It is called Trippler.');
      await canvas.filter({ hasText: '6 questions are open' }).waitFor();
      await say('main', 'For editors who count in threes.');
      await canvas.filter({ hasText: '5 questions are open' }).waitFor();
      await say('main', 'backlog');
      await aside('main').filter({ hasText: 'in the backlog' }).waitFor();
      await say('main', `Here is the code:\n${triple('n * 3')}`);
      await page.locator('main .feed figure.code').waitFor();
      await page.getByRole('button', { name: 'Commit to sprint' }).waitFor();
      expect(await page.locator('main .card.canvas').count()).toBe(1);
    },
    LONG_MS,
  );

  test(
    'what another process does shows up live, and in the end the ledger holds',
    async () => {
      await home();
      const file = writeExport(workbench.folder, 'outside.json', chatgptConversation('From outside', oneStory));
      const run = workbench.run(['run', file, '--repo', repository('outside')]);
      await page.locator('#rail', { hasText: 'outside' }).waitFor();
      await page.locator('#rail .waiting', { hasText: 'decide on its review' }).waitFor();
      expect((await run).exitCode).toBe(3);
      expect((await workbench.run(['ledger', 'verify'])).document()).toMatchObject({ verified: true, firstBad: null });
      expect((await workbench.run(['replay', '--verify'])).document()).toMatchObject({ differences: [] });
    },
    LONG_MS,
  );
});
