import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { contentOf } from '#src/ledger/artifact.ts';
import { canonicalJson } from '#src/ledger/canonical-json.ts';
import { foldLedger } from '#src/ledger/replay.ts';
import { analyse } from '#src/reflection/analyse.ts';
import { readHistories } from '#src/reflection/read-histories.ts';
import { writeHistory } from '#test/persistence/history.ts';
import { openTestStore, type TestStore } from '#test/persistence/support.ts';
import { expectReplaysAlike } from '#test/support/replays-alike.ts';
import { plant } from './planted/plant.ts';

describe('a ledger with every kind of fact', () => {
  let store: TestStore;
  beforeAll(async () => {
    store = await openTestStore();
    await writeHistory(store.unitOfWork, 'one');
    await writeHistory(store.unitOfWork, 'two');
  });
  afterAll(() => store.close());

  it('replays byte for byte, twice', async () => {
    expect(await expectReplaysAlike(store.unitOfWork)).toBeGreaterThan(100);
  });

  it('replays byte for byte also once a conversation was erased', async () => {
    await store.unitOfWork.conversations.forget('two-talk');
    expect(await expectReplaysAlike(store.unitOfWork)).toBeGreaterThan(100);
  });
});

describe('a planted ledger', () => {
  it.each([1, 2, 3])('%i gives the same bytes each time it is folded and looked at', async (seed) => {
    const read = async () => {
      const { ledger, projectId, period } = plant({ seed, tasksAWeek: 12, weeks: 3, recurring: 2, slowed: 'plan' });
      const kept = new Map<string, unknown>();
      for (const { artifact } of ledger.events) {
        const found = artifact === null ? null : await ledger.artifacts.get(artifact);
        if (found !== null) kept.set(found.hash, contentOf(found));
      }
      const tables = foldLedger(ledger.events, (hash) => kept.get(hash));
      const analysis = await analyse(ledger, await readHistories(ledger), { projectId, period });
      const rows = [...tables].map(([table, { rows: byId }]) => [table, [...byId.values()]]);
      return canonicalJson(JSON.parse(JSON.stringify([rows, analysis])));
    };
    const first = await read();
    expect(first.length).toBeGreaterThan(1_000);
    expect(await read()).toBe(first);
  });
});
