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

interface Focused {
  tag: string;
  text: string;
  outlinePx: number;
}

describe.skipIf(!hasChromium)(`the room in Chromium: writing, files, keyboard, for everybody${needsChromium}`, () => {
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

  describe('writing', () => {
    test('Enter sends, the box empties, and the words stand there once', async () => {
      const room = await enter('/ideas/idea-1');
      await linesOpen(room, 1);
      const box = room.page.getByLabel('Say something');
      await box.fill('Only the editor.');
      await box.press('Enter');
      await room.page.locator('article').getByText('Only the editor.').waitFor();
      await expect.poll(() => box.inputValue()).toBe('');
      expect(await room.page.locator('article').getByText('Only the editor.').count()).toBe(1);
      await box.fill('And nobody else.');
      await box.press('Enter');
      await room.page.locator('article').getByText('And nobody else.').waitFor();
      const [first, second] = room.desk.messages;
      expect(second?.originId).not.toBe(first?.originId);
    });

    test('Shift and Enter makes a line', async () => {
      const room = await enter('/ideas/idea-1');
      const box = room.page.getByLabel('Say something');
      await box.fill('one');
      await box.press('Shift+Enter');
      await box.pressSequentially('two');
      expect(await box.inputValue()).toBe('one\ntwo');
      expect(room.desk.messages).toEqual([]);
    });

    test('a refused message stays in the box', async () => {
      const desk = createFakeDesk();
      desk.answerWith({ ok: false, text: 'This thread has ended.' });
      const room = await enter('/ideas/idea-1', { desk });
      const box = room.page.getByLabel('Say something');
      await box.fill('Hello');
      await box.press('Enter');
      await room.page.getByText('This thread has ended.').waitFor();
      expect(await box.inputValue()).toBe('Hello');
    });
  });

  describe('files', () => {
    const drop = (room: OpenRoom, files: { name: string; size: number }[]): Promise<void> =>
      room.ask(`inPage.dropFiles(${JSON.stringify(files)})`);

    test('several dropped on a channel come in one after the other, each with its result', async () => {
      const room = await enter('/projects/project-1');
      await drop(room, [
        { name: 'one שיחה.json', size: 3_000_000 },
        { name: 'broken.zip', size: 10 },
      ]);
      await room.page.getByText('This file is not a conversation.').waitFor();
      expect(await room.page.getByText('3 × image left out: pictures are not read').isVisible()).toBe(true);
      expect(room.desk.imports).toMatchObject([
        { projectId: 'project-1', name: 'one שיחה.json', bytes: 3_000_000 },
        { projectId: 'project-1', name: 'broken.zip', bytes: 10 },
      ]);
      expect(await room.ask(`'hacked' in window`)).toBe(false);
    });

    test('dropped on the first page make a project on the named repository', async () => {
      const room = await enter('/', { desk: createFakeDesk({ empty: true }) });
      await room.page.getByLabel('Repository').fill('/code/greeter');
      await drop(room, [
        { name: 'a.json', size: 5 },
        { name: 'b.json', size: 5 },
      ]);
      await room.page.getByText('b.json').first().waitFor();
      await room.page.getByRole('link', { name: 'Go to the project' }).waitFor();
      await expect.poll(() => room.desk.imports.length).toBe(2);
      expect(room.desk.bound).toMatchObject([{ path: '/code/greeter' }]);
      expect(room.desk.imports.map((taken) => taken.projectId)).toEqual(['project-1', 'project-1']);
    });

    test('that are too large are told before they are sent', async () => {
      const room = await enter('/projects/project-1', { maxUploadBytes: 1_000 });
      await drop(room, [{ name: 'huge.zip', size: 2_000 }]);
      await room.page.getByText('Take the pictures out of the export').waitFor();
      expect(room.desk.imports).toEqual([]);
    });

    test('chosen with the button come in too', async () => {
      const room = await enter('/projects/project-1');
      await room.page
        .locator('input[type=file]')
        .setInputFiles({ name: 'c.json', mimeType: 'application/json', buffer: Buffer.from('{}') });
      await room.page.getByText('one conversation taken in').waitFor();
      expect(room.desk.imports).toMatchObject([{ name: 'c.json', bytes: 2 }]);
    });
  });

  describe('the keyboard', () => {
    test('types with /, moves with j and k, opens with Enter, goes back with Escape', async () => {
      const room = await enter('/projects/project-1');
      const focused = async (): Promise<string> => (await room.ask<Focused | null>('inPage.focused()'))?.text ?? '';
      await room.page.keyboard.press('/');
      expect(await room.ask<Focused>('inPage.focused()')).toMatchObject({ tag: 'TEXTAREA' });
      await room.page.keyboard.type('j/k');
      expect(await room.page.getByLabel('Write an idea').inputValue()).toBe('j/k');
      await room.page.keyboard.press('Escape');
      await room.page.keyboard.press('j');
      expect(await focused()).toContain('Slugs without dashes');
      await room.page.keyboard.press('j');
      expect(await focused()).toContain('Links that end');
      await room.page.keyboard.press('k');
      await room.page.keyboard.press('Enter');
      await room.page.locator('#side').getByText('Task 12').waitFor();
      await room.until(`document.activeElement.closest('#side') !== null`);
      await room.page.keyboard.press('j');
      expect(await focused()).toContain('Tess');
      await room.page.keyboard.press('Escape');
      await room.page.locator('#side').waitFor({ state: 'hidden' });
      expect(room.page.url()).toBe(`${room.url}/projects/project-1`);
    });

    test('reaches every button and shows where it is', async () => {
      const room = await enter('/tasks/task-12');
      const reached = new Set<string>();
      for (let step = 0; step < 90; step += 1) {
        await room.page.keyboard.press('Tab');
        const at = await room.ask<Focused | null>('inPage.focused()');
        if (at === null) break;
        expect(at.outlinePx, at.text).toBeGreaterThan(0);
        reached.add(at.text);
      }
      for (const name of [
        'Approve exactly 4f2c91a',
        'Request changes',
        'Reject',
        'Stop',
        'Close',
        'Commit to sprint',
        'Send',
        'View the diff',
      ]) {
        expect([...reached], name).toContain(name);
      }
    });

    test('stays at the card when its button goes away with what it asked', async () => {
      const room = await enter('/tasks/task-12');
      await room.page.getByRole('button', { name: /^Approve/ }).press('Enter');
      await room.page.locator('.outcome').filter({ hasText: 'Approved' }).first().waitFor();
      await room.until(`document.activeElement.tagName !== 'BODY'`);
      const at = await room.ask<Focused | null>('inPage.focused()');
      expect(at?.tag).toBe('ARTICLE');
    });

    test('an opened question takes the focus to its answer', async () => {
      const room = await enter('/tasks/task-12');
      const summary = room.page.locator('#post-p-review details.ask > summary').first();
      await summary.focus();
      await room.page.keyboard.press('Enter');
      await room.until(`document.activeElement.matches('details.ask textarea')`);
      await room.page.keyboard.press('Escape');
      expect(await summary.evaluate((element) => element.matches(':focus'))).toBe(true);
    });

    test('an opened question is in sight with the button that answers it, on a phone too', async () => {
      const room = await enter('/tasks/task-12', { width: 390, height: 600 });
      const ask = room.page.locator('#post-p-review details.ask').first();
      // As somebody reads it who has scrolled no further than the button.
      await ask.locator('summary').evaluate((summary) => summary.scrollIntoView({ block: 'end' }));
      await ask.locator('summary').press('Enter');
      const inSight = () =>
        ask.locator('.answers').evaluate((answers) => {
          const box = answers.closest('.scroll')?.getBoundingClientRect();
          return box !== undefined && answers.getBoundingClientRect().bottom <= box.bottom;
        });
      await expect.poll(inSight).toBe(true);
    });
  });

  describe('for everybody', () => {
    test.each(pages)('%s at 390 px does not scroll sideways', async (path) => {
      const room = await enter(path, { width: 390, height: 844 });
      await room.page.waitForTimeout(150);
      await room.ask('inPage.openAll()');
      await room.page.waitForTimeout(150);
      expect(await room.ask('inPage.tooWide()')).toEqual([]);
      expect(await room.ask('document.documentElement.scrollWidth')).toBe(390);
    });

    test('at 390 px the rail is a menu and a task slides over', async () => {
      const room = await enter('/ideas/idea-1', { width: 390, height: 844 });
      expect(await room.page.locator('#rail').isVisible()).toBe(false);
      await room.page.getByRole('button', { name: 'Menu' }).click();
      await room.page.locator('#rail').getByText('Waits for you').waitFor();
      await room.page.keyboard.press('Escape');
      expect(await room.page.locator('#rail').isVisible()).toBe(false);
      await room.page.getByRole('link', { name: 'Slugs without dashes' }).last().click();
      await room.page.locator('#side').getByText('Steer').or(room.page.getByLabel('Steer this task')).first().waitFor();
      await expect.poll(() => room.page.locator('#side').boundingBox()).toMatchObject({ x: 0, width: 390 });
      await room.page.locator('#side .close').click();
      await room.page.locator('#side').waitFor({ state: 'hidden' });
    });

    test.each(pages.flatMap((path) => (['light', 'dark'] as const).map((scheme) => [path, scheme] as const)))(
      '%s in %s is legible',
      async (path, colorScheme) => {
        const room = await enter(path, { colorScheme });
        await room.page.waitForTimeout(150);
        await room.ask('inPage.openAll()');
        expect(await room.ask('inPage.faintTexts()')).toEqual([]);
      },
    );

    test.each(pages)('%s has landmarks and names', async (path) => {
      const room = await enter(path);
      await room.page.waitForTimeout(100);
      expect(await room.page.locator('main').count()).toBe(1);
      expect(await room.page.locator('nav[aria-label]').count()).toBe(1);
      expect(await room.page.locator('h1').count()).toBe(1);
      expect(await room.ask('inPage.nameless()')).toEqual([]);
      expect(await room.ask('inPage.doubledIds()')).toEqual([]);
    });
  });
});
