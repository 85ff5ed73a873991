import { describe, expect, it } from 'vitest';
import type { RecordedEvent } from '#src/ledger/event.ts';
import { ERASED } from '#src/ledger/define-event.ts';
import { upcast } from '#src/ledger/upcast.ts';
import { analyse } from '#src/reflection/analyse.ts';
import { lookBack, tell } from '#src/reflection/digest/look-back.ts';
import { retrospectivePage } from '#src/reflection/digest/page.ts';
import { readHistories } from '#src/reflection/read-histories.ts';
import { foldAll } from './planted/fold.ts';
import { createPlantedLedger } from './planted/ledger.ts';
import type { PlantedLedger } from './planted/ledger.ts';
import { plantLessons } from './planted/plant-lessons.ts';
import { plant } from './planted/plant.ts';
import { tablesOf, tablesOfFold } from './planted/tables.ts';

const small = { seed: 3, tasksAWeek: 12, weeks: 2, recurring: 1, slowed: null };
const week = { from: '2026-11-16T00:00:00.000Z', until: '2026-11-24T00:00:00.000Z' };

/** As a store gives events out: each is brought to today's shape first. */
function stored({ events, ...ledger }: PlantedLedger): PlantedLedger {
  return {
    ...ledger,
    events,
    read: async (after, limit) => events.slice(after, after + limit).map((event) => upcast(event)),
  };
}

/** The whole way from the ledger to the page. */
async function page(ledger: PlantedLedger, tables = tablesOf({}), period = week): Promise<string> {
  const unitOfWork = { tables, artifacts: ledger.artifacts };
  const back = await lookBack(unitOfWork, await readHistories(ledger), { projectId: 'project', period });
  return retrospectivePage('2026-W47', await tell(unitOfWork, back, { asked: [] }));
}

describe('a ledger that is not as it should be', () => {
  it.each([
    ['a newer version', { version: 9 }, 'version 9'],
    ['a type that nobody knows', { type: 'moon.landed' as RecordedEvent['type'] }, 'moon.landed'],
    ['a body that is no JSON', { bodyText: '{' }, 'not JSON'],
  ])('stops at %s, and says which event', async (_what, changed, words) => {
    const { ledger } = plant(small);
    Object.assign(ledger.events[20] as RecordedEvent, changed);
    await expect(readHistories(stored(ledger))).rejects.toMatchObject({
      code: 'ledger-unknown-event',
      message: expect.stringMatching(new RegExp(`^Event 21 .*${words}`)),
    });
  });

  it.each([
    ['at its beginning', 0, 1],
    ['in its middle', 30, 31],
  ])('stops at a gap %s', async (_where, index, seq) => {
    const { ledger } = plant(small);
    ledger.events.splice(index, 1);
    await expect(readHistories(ledger)).rejects.toMatchObject({
      code: 'ledger-gap',
      message: expect.stringContaining(`no event ${seq};`),
    });
  });

  it('counts clocks that were set back, and says so at the end', async () => {
    const { ledger } = plant(small);
    for (const { type, body } of ledger.events)
      if (type === 'plan.generated')
        Object.assign(body, { timing: { startedAt: '2026-01-01T00:00:00.000Z', durationMs: -5 } });
    const reading = await readHistories(ledger);
    const { clockJumps, loads } = await analyse(ledger, reading, { projectId: 'project', period: week });
    expect(clockJumps).toBe(24);
    expect(loads.every(({ workMs, queueMs }) => workMs >= 0 && queueMs >= 0)).toBe(true);
    expect(await page(ledger)).toContain('The clock of the machine was set back 24 times');
  });

  it('goes on without the artifacts that were erased, and says how many', async () => {
    const { ledger } = plant(small);
    const failed = ledger.events.filter(({ type, at }) => type === 'qa.failed' && at >= week.from);
    for (const { artifact } of ledger.events) if (artifact !== null) ledger.artifacts.forget(artifact);
    expect(await page(ledger)).toContain(`${failed.length} verdicts were erased and not counted.`);
  });

  it('tells of a lesson whose words were erased without them', async () => {
    const { ledger, now } = await plantLessons({
      ...{ seed: 5, tasksAWeek: 12, weeksBefore: 8, weeksSince: 12, fates: ['works'] },
    });
    for (const { type, artifact } of ledger.events)
      if (type === 'lesson.proposed') ledger.artifacts.forget(artifact ?? '');
    const tables = tablesOfFold(await foldAll(ledger));
    expect((await tables.get('lessons', 'lesson-1'))?.text).toBe(ERASED);
    const period = { from: new Date(now.getTime() - 7 * 86_400_000).toISOString(), until: now.toISOString() };
    expect(await page(ledger, tables, period)).toMatch(
      /failed in \d+ of 96 tasks before lesson 1, and in \d+ of 1\d\d since/,
    );
  });
});

describe('a ledger with next to nothing in it', () => {
  it('of no event is a quiet week', async () => {
    expect(await page(createPlantedLedger().ledger)).toContain('a quiet week');
  });

  it('of one event is a quiet week', async () => {
    const { ledger, add } = createPlantedLedger();
    const body = { conversationId: 'c', projectId: 'project', source: 'text', messageCount: 1, contentHash: '' };
    add({ type: 'conversation.ingested', at: Date.parse(week.from), body });
    expect((await readHistories(ledger)).events).toBe(1);
    expect(await page(ledger)).toContain('a quiet week');
  });

  it('of one task that had only begun', async () => {
    const { ledger } = plant({ ...small, tasksAWeek: 1, weeks: 1 });
    ledger.events.splice(4);
    const reading = await readHistories(ledger);
    const { measures, recurring, slowed } = await analyse(ledger, reading, { projectId: 'project', period: week });
    expect([measures.committed, measures.merged, measures.leadMs, recurring, slowed]).toEqual([1, 0, null, [], []]);
  });

  it('in a week between two that were not empty', async () => {
    const { ledger } = plant(small);
    const later = { from: '2027-01-04T00:00:00.000Z', until: '2027-01-11T00:00:00.000Z' };
    expect(await page(ledger, tablesOf({}), later)).toContain('a quiet week');
  });
});
