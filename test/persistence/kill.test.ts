import { afterAll, beforeAll, expect, it } from 'vitest';
import { createLedgerReader } from '#persistence/ledger-reader.ts';
import { verifyLedger } from '#persistence/ledger-verify.ts';
import { replay } from '#persistence/replay.ts';
import { startChild } from './child.ts';
import { openTestStore, type TestStore } from './support.ts';

let store: TestStore;
beforeAll(async () => {
  store = await openTestStore();
});
afterAll(() => store.close());

it('loses nothing that was kept when the process is killed while it writes', async () => {
  for (const writes of [5, 23, 60]) {
    const child = startChild('write-until-killed.ts', JSON.stringify(store.database.connection));
    await child.written(writes);
    await child.kill();
    const projects = new Set((await store.unitOfWork.tables.find('projects', {})).map(({ id }) => id));
    const wakes = new Set((await store.unitOfWork.outbox.pending('kill', 100_000)).map(({ taskId }) => taskId));
    expect(child.lines.length).toBeGreaterThanOrEqual(writes);
    expect(child.lines.filter((id) => !projects.has(id) || !wakes.has(id))).toEqual([]);
  }
  const verdict = await verifyLedger(createLedgerReader(() => store.orm.em.fork()));
  expect(verdict).toMatchObject({ verified: true, firstBad: null });
  expect(await replay(store.orm, { verify: true })).toEqual({ run: null, events: verdict.events, differences: [] });
});
