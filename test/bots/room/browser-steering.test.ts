import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { budgetCard } from '#src/desk/cards/budget-card.ts';
import { takeOverCard } from '#src/desk/cards/take-over-card.ts';
import type { Card } from '#src/ports/chat.ts';
import { hasChromium, launchChromium, linesOpen, needsChromium, openRoom, type OpenRoom } from './browser-room.ts';

/** The cards by which people steer, as the desk draws them, in the page with its own composer. */
describe.skipIf(!hasChromium)(`the room in Chromium: steering${needsChromium}`, () => {
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
  const enter = async (path: string): Promise<OpenRoom> => {
    const room = await openRoom(browser);
    open.push(room);
    await room.go(path);
    return room;
  };
  const post = async (room: OpenRoom, key: string, card: Card): Promise<void> => {
    await linesOpen(room, 1);
    const thread = { kind: 'task', id: 'task-12' } as const;
    room.desk.post({ key, thread, author: { kind: 'persona', name: 'tess' }, card, mentions: [] });
  };

  test('a used-up budget asks with two buttons, and one press answers', async () => {
    const room = await enter('/tasks/task-12');
    const budget = { scope: 'task', key: 'task-12' } as const;
    await post(
      room,
      'budget',
      budgetCard({ taskId: 'task-12', text: 'It used all. Nothing is lost.', budget, outcome: null }),
    );
    const card = room.page.locator('article', { hasText: 'It used all.' });
    await card.getByText('Stop here', { exact: true }).waitFor();
    await card.getByRole('button', { name: 'Allow as much again' }).click();
    await card.locator('.outcome').waitFor();
    expect(room.desk.presses).toMatchObject([{ action: 'allow' }]);
    expect(room.complaints).toEqual([]);
  });

  test('a branch in a person’s hands shows its commands to copy, and a way back', async () => {
    const room = await enter('/tasks/task-12');
    const commands = ['git clone --branch factory/12-x /srv/x task-12', 'cd task-12'];
    await post(room, 'taken', takeOverCard({ taskId: 'task-12', by: 'ada', commands, advice: 'Push.', outcome: null }));
    const card = room.page.locator('article', { hasText: 'The branch is yours, ada.' });
    expect(await card.locator('pre').innerText()).toBe(commands.join('\n'));
    await card.getByRole('button', { name: 'Hand back' }).click();
    await card.locator('.outcome').waitFor();
    expect(room.desk.presses).toMatchObject([{ action: 'hand-back' }]);
  });

  test('an answer to a command stands where it was typed, line by line', async () => {
    const room = await enter('/tasks/task-12');
    room.desk.answerWith({ ok: true, text: 'Task 12 has cost 0.42 USD.\nplan: 0.12 USD\nbuild: 0.30 USD' });
    const composer = room.page.locator('#composer-task-task-12');
    const box = composer.getByRole('textbox');
    await box.fill('cost');
    await box.press('Enter');
    const note = composer.locator('.note');
    await note.getByText('build: 0.30 USD').waitFor();
    expect((await note.innerText()).split('\n').filter((line) => line.includes('USD'))).toHaveLength(3);
  });

  test('a channel takes its commands as commands and not as an idea', async () => {
    const room = await enter('/projects/project-1');
    const box = room.page.getByLabel('Write an idea');
    for (const text of ['model off', 'cost']) {
      await box.fill(text);
      await box.press('Enter');
      await room.page.locator('article').getByText(text, { exact: true }).waitFor();
    }
    expect(room.desk.messages.map(({ text }) => text)).toEqual(['model off', 'cost']);
    expect(room.desk.ideas).toEqual([]);
  });

  test('the run says what a step cost, and a press opens what it was given', async () => {
    const room = await enter('/tasks/task-12/run');
    await room.page.getByText('14 calls: 0.42 USD, 61,000 tokens, gpt-x').waitFor();
    expect(await room.page.getByText('named in criterion 2').isVisible()).toBe(false);
    await room.page.getByRole('link', { name: 'What it was given' }).click();
    await room.page.getByText('named in criterion 2').waitFor({ state: 'visible' });
    expect(
      await room.ask(`[...document.querySelectorAll('.page')].every((page) => page.scrollWidth <= page.clientWidth)`),
    ).toBe(true);
    expect(await room.ask(`'hacked' in window`)).toBe(false);
    expect(room.complaints).toEqual([]);
  });
});
