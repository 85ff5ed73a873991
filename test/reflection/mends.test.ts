import { describe, expect, it } from 'vitest';
import { jsonArtifact } from '#src/ledger/artifact.ts';
import type { Artifact } from '#src/ledger/artifact.ts';
import { analyse } from '#src/reflection/analyse.ts';
import { readHistories } from '#src/reflection/read-histories.ts';
import { createPlantedLedger } from './planted/ledger.ts';
import type { PlantedLedger } from './planted/ledger.ts';
import { writeTask } from './planted/task-life.ts';

const MINUTE_MS = 60_000;
const BEGIN_MS = Date.parse('2026-11-16T09:00:00.000Z');
const period = { from: '2026-11-16T00:00:00.000Z', until: '2026-11-23T00:00:00.000Z' };
const finding = {
  check: 'test',
  test: 'rounds up',
  text: 'AssertionError at src/cart/sum.ts:3: expected 3 to equal 4',
};

interface Told {
  /** Files of each build, by its attempt. */
  builds: Record<string, number>[];
  planned?: string[];
  end?: 'merged' | 'rejected';
}

/** Tasks that failed once and then passed, with what their packets say about files. */
async function analysed(tasks: readonly Told[]) {
  const { ledger, add } = createPlantedLedger();
  for (const [index, { end = 'merged' }] of tasks.entries()) {
    const times = { committedAtMs: BEGIN_MS + index * 300 * MINUTE_MS, ideaMs: 5 * MINUTE_MS, reviewMs: MINUTE_MS };
    const failures = [[finding]];
    writeTask(add, {
      ...times,
      ...{ number: index + 1, projectId: 'p', repoId: 'repo', queueMs: 1 },
      workMs: {},
      failures,
      end,
    });
  }
  const kept = keepPackets(ledger, tasks);
  const artifacts: PlantedLedger['artifacts'] = {
    ...ledger.artifacts,
    get: async (hash) => kept.get(hash) ?? (await ledger.artifacts.get(hash)),
  };
  return analyse({ artifacts }, await readHistories(ledger), { projectId: 'p', period });
}

function keepPackets(ledger: PlantedLedger, tasks: readonly Told[]): Map<string, Artifact> {
  const kept = new Map<string, Artifact>();
  for (const event of ledger.events) {
    const told = tasks[Number(event.taskId?.split('-').at(-1)) - 1];
    const { attempt = 1 } = event.body as { attempt?: number };
    const files = Object.entries(told?.builds[attempt - 1] ?? {}).map(([path, added]) => ({ path, added, removed: 0 }));
    const fileTargets = (told?.planned ?? []).map((path) => ({ path }));
    if (event.type !== 'code.generated' && event.type !== 'plan.generated') continue;
    const artifact = jsonArtifact('packet', event.type === 'code.generated' ? { files } : { fileTargets });
    kept.set(artifact.hash, artifact);
    event.artifact = artifact.hash;
  }
  return kept;
}

const round = (before: number, after: number) => [
  { 'src/cart/add.ts': 9, 'src/cart/round.ts': before },
  { 'src/cart/add.ts': 9, 'src/cart/round.ts': after },
];

describe('what mended a failure', () => {
  it('is the file that changed between the build that failed and the one that passed, in most tasks', async () => {
    const other = [{ 'src/cart/add.ts': 9 }, { 'src/cart/add.ts': 9, 'src/tax.ts': 1 }];
    const { mends } = await analysed([{ builds: round(1, 2) }, { builds: round(4, 6) }, { builds: other }]);
    expect(mends).toMatchObject([{ repoId: 'repo', tasks: 3, path: 'src/cart/round.ts', inTasks: 2 }]);
  });

  it('is not known where each task mended it elsewhere, or where the words are gone', async () => {
    const elsewhere = ['a', 'b', 'c'].map((name) => ({ builds: [{}, { [`src/${name}.ts`]: 1 }] }));
    expect((await analysed(elsewhere)).mends).toMatchObject([{ tasks: 3, path: null, inTasks: 0 }]);
    const unknown = [1, 2, 3].map(() => ({ builds: [] }));
    expect((await analysed(unknown)).mends).toMatchObject([{ tasks: 3, path: null }]);
  });

  it('counts where findings agree on a folder, out of the tasks that were judged', async () => {
    const { recurring } = await analysed([1, 2, 3].map(() => ({ builds: [] })));
    expect(recurring).toMatchObject([{ folder: 'src/cart', ofTasks: 3, conversations: 3, taskNumbers: [1, 2, 3] }]);
  });
});

describe('work that was sent back', () => {
  it('is told of a folder that several plans name', async () => {
    const rejected = (planned: string[]) => ({ builds: [], planned, end: 'rejected' as const });
    const inCart = ['src/cart/add.ts', 'src/cart/sum.ts'];
    const { sentBack } = await analysed([rejected(inCart), rejected(inCart), rejected([...inCart, 'README.md'])]);
    expect(sentBack).toMatchObject([{ code: 'rejected', place: 'src/cart', taskNumbers: [1, 2, 3], conversations: 3 }]);
    expect(sentBack[0]?.seqs).toHaveLength(3);
    expect((await analysed([rejected(inCart), rejected(inCart), rejected(['src/tax/a.ts'])])).sentBack).toEqual([]);
  });
});
