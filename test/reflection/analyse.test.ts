import { describe, expect, it } from 'vitest';
import { analyse } from '#src/reflection/analyse.ts';
import { readHistories } from '#src/reflection/read-histories.ts';
import { plant } from './planted/plant.ts';
import type { PlantOptions } from './planted/plant.ts';

async function analysed(options: Partial<PlantOptions>) {
  const planted = plant({ seed: 7, tasksAWeek: 30, weeks: 5, recurring: 0, slowed: null, ...options });
  const { ledger, projectId, period } = planted;
  const analysis = await analyse(ledger, await readHistories(ledger), { projectId, period });
  return { ...planted, analysis };
}

describe('an analysis finds what was planted and nothing else', () => {
  it.each([0, 1, 2, 3])('of %i failures that come again', async (recurring) => {
    const { analysis, truth } = await analysed({ recurring });
    expect(new Set(analysis.recurring.map(({ test }) => test))).toEqual(new Set(truth.recurring));
    expect(analysis.patterns.map(({ place }) => place)).toEqual(truth.patterns);
  });

  it.each(['plan', 'check'] as const)('of a %s that got slow', async (slowed) => {
    const { analysis, truth } = await analysed({ slowed });
    expect(analysis.slowed.map(({ repoId, step }) => `${repoId}/${step}`).toSorted()).toEqual(truth.slowed.toSorted());
  });

  it('of weeks in which nothing was planted', async () => {
    const { analysis } = await analysed({});
    expect([analysis.recurring, analysis.slowed, analysis.patterns]).toEqual([[], [], []]);
  });

  it('names the events that show it', async () => {
    const { analysis, ledger } = await analysed({ recurring: 1 });
    const types = (analysis.recurring[0]?.seqs ?? []).map((seq) => ledger.events[seq - 1]?.type);
    expect(types.length).toBeGreaterThanOrEqual(3);
    expect(new Set(types)).toEqual(new Set(['qa.failed']));
  });

  it('counts what was merged in the period alone', async () => {
    const { analysis, truth } = await analysed({});
    expect(analysis.measures.merged).toBe(truth.merged);
    expect(analysis.merged).toHaveLength(truth.merged);
  });

  it('is the same for the same ledger', async () => {
    const [first, second] = [await analysed({ recurring: 2 }), await analysed({ recurring: 2 })];
    expect(first.analysis).toEqual(second.analysis);
  });

  it('goes on where words were erased, and says how many', async () => {
    const { ledger, projectId, period } = plant({ seed: 7, tasksAWeek: 30, weeks: 5, recurring: 1, slowed: null });
    const failed = ledger.events.filter(({ type, at }) => type === 'qa.failed' && at >= period.from);
    for (const { artifact } of failed) ledger.artifacts.forget(artifact ?? '');
    const analysis = await analyse(ledger, await readHistories(ledger), { projectId, period });
    expect([analysis.recurring, analysis.unread]).toEqual([[], failed.length]);
  });

  it('stops at a gap in the ledger, and says where', async () => {
    const { ledger } = plant({ seed: 1, tasksAWeek: 2, weeks: 1, recurring: 0, slowed: null });
    ledger.events.splice(4, 1);
    await expect(readHistories(ledger)).rejects.toMatchObject({
      code: 'ledger-gap',
      message: expect.stringContaining('event 5'),
    });
  });

  it('knows nothing of other projects', async () => {
    const { ledger, period } = plant({ seed: 7, tasksAWeek: 10, weeks: 2, recurring: 1, slowed: null });
    const analysis = await analyse(ledger, await readHistories(ledger), { projectId: 'another', period });
    expect([analysis.measures.merged, analysis.recurring]).toEqual([0, []]);
  });
});
