import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { hasChromium, launchChromium, needsChromium, openRoom } from './browser-room.ts';

describe.skipIf(!hasChromium)(`a run, played in Chromium${needsChromium}`, () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launchChromium();
  });
  afterAll(async () => {
    await browser.close();
  });

  test('the slider says what the task was then, and dims what came later', async () => {
    const room = await openRoom(browser, { width: 390 });
    await room.go('/tasks/task-12/run');
    const slider = room.page.getByLabel('As of');
    const later = room.page.locator('.beats .later');
    const says = room.page.locator('#beat-now');
    await expect.poll(() => says.textContent()).toContain('opens the pull request');
    expect(await later.count()).toBe(0);
    await slider.fill('0');
    await expect.poll(() => says.textContent()).toContain('makes the branch');
    expect(await later.allTextContents()).toEqual([expect.stringContaining('finds it good')]);
    expect(room.complaints).toEqual([]);
    await room.close();
  });
});
