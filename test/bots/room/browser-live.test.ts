import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import {
  hasChromium,
  launchChromium,
  linesOpen,
  needsChromium,
  openRoom,
  pages,
  type OpenRoom,
  type RoomSetting,
} from './browser-room.ts';
import { createFakeDesk } from './fake-desk.ts';
import { draft, idea, task } from './fake-posts.ts';

const vera = { kind: 'persona', name: 'vera' } as const;
const says = (key: string, lead: string) => draft(key, idea, vera, { lead });

describe.skipIf(!hasChromium)(`the room in Chromium: live, deciding, reading${needsChromium}`, () => {
  let browser: Browser;
  const open: OpenRoom[] = [];

  beforeAll(async () => {
    browser = await launchChromium();
  });
  afterAll(async () => {
    await browser.close();
  });
  afterEach(async () => {
    for (const room of open.splice(0)) await room.close();
  });
  const enter = async (path: string, setting: RoomSetting = {}): Promise<OpenRoom> => {
    const room = await openRoom(browser, setting);
    open.push(room);
    await room.go(path);
    return room;
  };
  const scroll = (room: OpenRoom, box = '#main .scroll'): Promise<{ top: number; fromEnd: number }> =>
    room.page.locator(box).evaluate((element) => ({
      top: element.scrollTop,
      fromEnd: element.scrollHeight - element.scrollTop - element.clientHeight,
    }));
  /** Until the page has drawn twice: it has heard of its scrolling by then. */
  const drawn = (room: OpenRoom): Promise<unknown> =>
    room.ask('new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)))');

  test('the token leaves the address bar', async () => {
    const room = await openRoom(browser);
    open.push(room);
    expect(room.page.url()).toBe(`${room.url}/`);
  });

  test.each(pages)('%s breaks no rule of its policy and runs nothing that people wrote', async (path) => {
    const room = await enter(path);
    await room.page.waitForTimeout(150);
    for (const summary of await room.page.locator('details.fold > summary').all())
      if (await summary.isVisible()) await summary.click();
    expect(room.complaints).toEqual([]);
    expect(await room.ask(`'hacked' in window`)).toBe(false);
  });

  describe('live', () => {
    test('a new post comes at the end, and who reads the end stays there', async () => {
      const room = await enter('/ideas/idea-1');
      await linesOpen(room, 1);
      room.desk.post(says('new', 'A fresh post'));
      await room.page.getByText('A fresh post').last().waitFor();
      await expect.poll(async () => (await scroll(room)).fromEnd).toBeLessThan(4);
      await expect.poll(() => room.page.locator('#announce').textContent()).toBe('Vera: A fresh post');
    });

    test('who reads above is not moved, and is told', async () => {
      const room = await enter('/ideas/idea-1', { height: 600 });
      await linesOpen(room, 1);
      await room.page.locator('#main .scroll').evaluate((box) => box.scrollTo({ top: 120 }));
      await drawn(room);
      const before = await room.page.locator('#post-p-canvas').boundingBox();
      room.desk.post(says('new', 'A fresh post'));
      await room.page.getByRole('button', { name: 'Newer below' }).waitFor();
      expect(await room.page.locator('#post-p-canvas').boundingBox()).toEqual(before);
      await room.page.getByRole('button', { name: 'Newer below' }).click();
      await expect.poll(async () => (await scroll(room)).fromEnd).toBeLessThan(4);
    });

    test('an edit changes the post in place, and what was opened stays open', async () => {
      const room = await enter('/ideas/idea-1');
      await linesOpen(room, 1);
      const canvas = room.page.locator('#post-p-canvas');
      await canvas.getByText('Maybe: 2 more').click();
      await canvas.locator('.why summary').first().click();
      await canvas.locator('.why .quote').first().waitFor();
      const kept = (await room.desk.thread(idea))?.posts.find((post) => post.key === 'canvas');
      if (kept === undefined) throw new Error('no canvas');
      room.desk.post({ ...kept, card: { ...kept.card, lead: 'Now two things are open.' } });
      await canvas.getByText('Now two things are open.').waitFor();
      expect(await canvas.getByRole('button', { name: 'Keep' }).isVisible()).toBe(true);
      expect(await canvas.locator('.why .quote').first().isVisible()).toBe(true);
      expect(await room.page.locator('.feed').first().locator('article').count()).toBe(6);
    });

    test('what a person is writing is not lost when the card changes', async () => {
      const room = await enter('/tasks/task-12');
      await linesOpen(room, 2);
      const review = room.page.locator('#post-p-review');
      await review.getByText('Request changes').first().click();
      await review.getByLabel('What should change?').fill('Keep the accents');
      const kept = (await room.desk.thread(task))?.posts.find((post) => post.key === 'review');
      if (kept === undefined) throw new Error('no review');
      room.desk.post({ ...kept, card: { ...kept.card, lead: '6 of 6 criteria are proven.' } });
      await review.getByText('6 of 6 criteria are proven.').waitFor();
      expect(await review.getByLabel('What should change?').inputValue()).toBe('Keep the accents');
      await review.locator('details.ask[open] .answers button').first().click();
      await expect.poll(() => room.desk.presses.length).toBeGreaterThan(0);
      expect(room.desk.presses).toMatchObject([{ action: 'changes', input: 'Keep the accents', postVersion: 2 }]);
    });

    test('the title and the rail say what waits', async () => {
      const room = await enter('/ideas/idea-1');
      await linesOpen(room, 1);
      expect(await room.page.title()).toBe('(2) Workbench · Addresses for recipes');
      room.desk.clearWaiting();
      room.desk.post(says('new', 'Done'));
      await room.until(`document.title === 'Workbench · Addresses for recipes'`);
      expect(await room.page.locator('#rail').getByText('Nothing at the moment.').isVisible()).toBe(true);
    });

    test('a lost line says so, mends itself and fetches what was missed', async () => {
      const room = await enter('/ideas/idea-1');
      await linesOpen(room, 1);
      room.desk.post(says('before', 'Before the break'));
      await room.page.getByText('Before the break').last().waitFor();
      await room.stopServer();
      await room.page.getByText('The line to the workbench is lost.').waitFor();
      room.desk.postSilently(says('missed', 'Said in the dark'));
      await room.startServer();
      await room.page.getByText('Said in the dark').last().waitFor();
      await room.page.locator('#lost').waitFor({ state: 'hidden' });
      expect(await room.page.locator('#post-p-missed').count()).toBe(1);
      expect(await room.page.locator('#post-p-before').count()).toBe(1);
    });

    test('running time runs', async () => {
      const room = await enter('/tasks/task-12');
      const time = room.page.locator('time.elapsed');
      const first = await time.textContent();
      expect(first).toMatch(/^\d+:\d\d$/);
      await room.until(`document.querySelector('time.elapsed').textContent !== ${JSON.stringify(first)}`);
    });
  });

  describe('deciding', () => {
    test('Approve gives way to its outcome', async () => {
      const room = await enter('/tasks/task-12');
      const review = room.page.locator('#post-p-review');
      await review.getByRole('button', { name: 'Approve exactly 4f2c91a' }).click();
      await review.getByText('Approved by local · 14:02 · merged as 9ac1f07').waitFor();
      expect(await review.getByRole('button').count()).toBe(0);
      expect(room.desk.presses).toEqual([
        { actor: 'local', postId: 'p-review', postVersion: 1, action: 'approve', input: null },
      ]);
      expect(room.complaints).toEqual([]);
    });

    test('danger asks once more in place, and takes no for an answer', async () => {
      const room = await enter('/tasks/task-12');
      const review = room.page.locator('#post-p-review');
      await review.getByText('Reject', { exact: true }).click();
      await review.getByText('The branch is kept, the task ends.').waitFor();
      expect(room.desk.presses).toEqual([]);
      await review.getByRole('button', { name: 'Not now' }).last().click();
      expect(await review.getByText('The branch is kept').isVisible()).toBe(false);
      await review.getByText('Reject', { exact: true }).click();
      await review.getByRole('button', { name: 'Yes, reject' }).click();
      await review.getByText('merged as 9ac1f07').waitFor();
      expect(room.desk.presses).toMatchObject([{ action: 'reject', input: null }]);
    });

    test('words that are needed are asked for', async () => {
      const room = await enter('/tasks/task-12');
      const review = room.page.locator('#post-p-review');
      await review.getByText('Request changes').first().click();
      await review.locator('details.ask[open] .answers button').first().click();
      await room.page.waitForTimeout(150);
      expect(room.desk.presses).toEqual([]);
      expect(await review.getByLabel('What should change?').isVisible()).toBe(true);
    });

    test('a refusal is told to this person alone, under the card, which stays', async () => {
      const desk = createFakeDesk();
      desk.answerWith({ ok: false, text: 'Only approvers may do that.' });
      const room = await enter('/tasks/task-12', { desk });
      const review = room.page.locator('#post-p-review');
      await review.getByRole('button', { name: 'Approve' }).click();
      await review.getByText('Only approvers may do that.').waitFor();
      expect(await review.getByRole('button', { name: 'Approve' }).isEnabled()).toBe(true);
    });

    test('from the diff approves the same commit', async () => {
      const room = await enter('/tasks/task-12/diff');
      await room.page.locator('.decide').getByRole('button', { name: 'Approve exactly 4f2c91a' }).click();
      await room.page.locator('#post-p-review').getByText('merged as 9ac1f07').waitFor();
      expect(room.desk.presses).toMatchObject([{ postId: 'p-review', action: 'approve' }]);
    });

    test('a server that is gone is told where it was asked', async () => {
      const room = await enter('/tasks/task-12');
      await room.stopServer();
      const review = room.page.locator('#post-p-review');
      await review.getByRole('button', { name: 'Approve' }).click();
      await review.getByText('The workbench did not answer.').waitFor();
      expect(room.desk.presses).toEqual([]);
    });
  });

  describe('reading', () => {
    test('why opens the sentence and its speaker beside the item, and closes again', async () => {
      const room = await enter('/ideas/idea-1');
      const why = room.page.locator('#post-p-canvas .why').first();
      await why.getByText('why').click();
      await why.getByText('Ana').waitFor();
      expect(await why.getByText('Editors paste titles').isVisible()).toBe(true);
      await room.page.keyboard.press('Escape');
      expect(await why.getByText('Editors paste titles').isVisible()).toBe(false);
    });

    test('a task slides in beside, keeps the place behind it, and Back closes it', async () => {
      const room = await enter('/ideas/idea-1', { height: 600 });
      await room.page.locator('#main .scroll').evaluate((box) => box.scrollTo({ top: 200 }));
      await room.page.locator('#post-p-canvas').getByRole('link', { name: 'Addresses without' }).click();
      await room.page.locator('#side').getByText('Task 12').waitFor();
      expect(room.page.url()).toBe(`${room.url}/tasks/task-12`);
      expect((await scroll(room)).top).toBe(200);
      await linesOpen(room, 2);
      room.desk.post(draft('late', task, vera, { lead: 'A late word' }));
      await room.page.locator('#side').getByText('A late word').waitFor();
      await room.page.goBack();
      await room.page.waitForURL(`${room.url}/ideas/idea-1`);
      await room.page.locator('#side').waitFor({ state: 'hidden' });
    });

    test('set-up tries each thing live', async () => {
      const room = await enter('/setup');
      await room.page.getByText('One thing is missing.').waitFor();
      expect(await room.page.getByText('bubblewrap is not installed').isVisible()).toBe(true);
    });
  });
});
