import { execFile, spawn } from 'node:child_process';
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { hasChromium, launchChromium, needsChromium } from '#test/bots/room/browser-room.ts';
import { processesUnder } from '#test/faults/processes.ts';
import { createTestWorkbench, PROJECT_ROOT, type TestWorkbench } from './support/workbench.ts';

const run = promisify(execFile);
/** Two tasks go through every step with real checks; on two busy cores that may take a while. */
const LONG_MS = 480_000;

/** What a person does in their first two minutes: start, try the sample, commit, approve twice, and look at the result. */
describe.skipIf(!hasChromium)(`the sample, from the start to the merge, in a browser${needsChromium}`, () => {
  let workbench: TestWorkbench;
  let browser: Browser;
  let page: Page;
  let stop: () => Promise<number | null>;
  const complaints: string[] = [];

  beforeAll(async () => {
    workbench = await createTestWorkbench();
    const child = spawn('npm', ['--prefix', PROJECT_ROOT, 'start'], {
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
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    });
    const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
    stop = async () => {
      // As a terminal does it: the whole group hears Ctrl-C, and npm then tells its child once more.
      if (child.exitCode === null && child.pid !== undefined) process.kill(-child.pid, 'SIGINT');
      return ended;
    };
    const address = await new Promise<string>((resolve, reject) => {
      let said = '';
      child.stdout.setEncoding('utf8').on('data', (text: string) => {
        said += text;
        const found = /^Room: (\S+)$/m.exec(said)?.[1];
        if (found !== undefined) resolve(found);
      });
      void ended.then((code) => reject(new Error(`npm start ended with ${code}: ${said}`)));
    });
    browser = await launchChromium();
    page = await browser.newPage({ viewport: { width: 1366, height: 860 } });
    page.setDefaultTimeout(LONG_MS);
    page.on('console', (message) => void (message.type() === 'error' && complaints.push(message.text())));
    page.on('pageerror', (error) => complaints.push(error.message));
    await page.goto(address);
  }, LONG_MS);

  afterAll(async () => {
    await browser?.close();
    await stop?.();
    await workbench?.remove();
  }, LONG_MS);

  test(
    'a conversation becomes merged code, and every press is a person’s',
    async () => {
      expect(page.url()).not.toContain('token');
      await page.getByRole('button', { name: 'Try the sample' }).click();
      await page.getByRole('button', { name: 'Commit to sprint' }).click();

      for (const number of [1, 2]) {
        await page
          .getByRole('navigation')
          .getByRole('link', { name: new RegExp(`Task ${number}\\b`) })
          .click();
        await page.waitForURL(/\/tasks\//);
        expect(await page.title()).toMatch(/^\(1\)/);
        await page.getByRole('button', { name: /^Approve/ }).click();
        await page
          .locator('.outcome', { hasText: /Approved by its requester, local · merged as [0-9a-f]{7}/ })
          .waitFor();
      }

      const samples = path.join(workbench.dataDir, 'samples', 'greeter');
      expect(await readdir(path.join(samples, 'src'))).toEqual(['greet.js', 'page-path.js', 'slug.js']);
      const { stdout } = await run('git', ['-c', 'safe.directory=*', '-C', samples, 'log', '--merges', '--format=%s']);
      expect(stdout.trim().split('\n')).toHaveLength(2);
      expect(complaints).toEqual([]);
    },
    LONG_MS,
  );

  test(
    'stops cleanly on Ctrl-C, and its ledger holds',
    async () => {
      await browser.close();
      await stop();
      expect(processesUnder(workbench.dataDir, /chromium/)).toEqual([]);
      const verdict = (await workbench.run(['ledger', 'verify'])).document();
      expect(verdict).toMatchObject({ verified: true, firstBad: null });
      const replayed = (await workbench.run(['replay', '--verify'])).document();
      expect(replayed).toMatchObject({ differences: [] });
    },
    LONG_MS,
  );
});
