import { afterAll, beforeAll, expect, it } from 'vitest';
import { openTestStore } from '#test/persistence/support.ts';
import type { TestStore } from '#test/persistence/support.ts';
import { openSending } from './open-sending.ts';

const EDITS = 120;

let store: TestStore;
beforeAll(async () => {
  store = await openTestStore();
});
afterAll(() => store.close());

it('what is new is said while more edits wait than are looked at together', { timeout: 120_000 }, async () => {
  const slowEdits = { postEveryMs: 1, postBurst: 1_000, updateEveryMs: 60_000, updateBurst: 1 };
  const sending = await openSending(store, { pace: slowEdits });
  const keys = Array.from({ length: EDITS }, (_, n) => `card ${n}`);
  for (const key of keys) await sending.post(key);
  const sender = sending.start();
  await sender.settle();
  expect(await sending.due()).toEqual([]);
  for (const key of keys) await sending.edit(key, { lead: `${key}, changed` });
  await sending.post('something new');
  await sender.settle();
  const due = await sending.due();
  expect(due).not.toContain('something new');
  expect(due.length).toBeGreaterThanOrEqual(EDITS - 1);
  expect(sending.slack.find('ideas', 'something new')).toBeDefined();
});
