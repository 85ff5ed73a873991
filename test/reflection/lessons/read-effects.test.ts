import { describe, expect, it } from 'vitest';
import type { UnitOfWork } from '#src/ports/unit-of-work.ts';
import { retirementsOf } from '#src/reflection/lessons/effect.ts';
import { readEffects } from '#src/reflection/lessons/read-effects.ts';
import { readHistories } from '#src/reflection/read-histories.ts';
import { plantLessons } from '#test/reflection/planted/plant-lessons.ts';
import type { LessonsOptions, PlantedLessons } from '#test/reflection/planted/plant-lessons.ts';

const usual: LessonsOptions = {
  ...{ seed: 5, tasksAWeek: 48, weeksBefore: 12, weeksSince: 16 },
  fates: ['works', 'does-nothing', 'harms', 'noise'],
};

async function effects({ ledger, tables, lessons }: PlantedLessons) {
  const found = await readEffects({ tables, artifacts: ledger.artifacts }, await readHistories(ledger), lessons);
  return new Map(found.map((effect) => [effect.lessonId, effect]));
}

async function verdicts(planted: PlantedLessons): Promise<Record<string, string>> {
  const found = await effects(planted);
  return Object.fromEntries(
    [...planted.fateOf].map(([lessonId, fate]) => [fate, found.get(lessonId)?.verdict ?? 'none']),
  );
}

/** Tells which artifacts were read. */
function counting(artifacts: UnitOfWork['artifacts']) {
  const read: string[] = [];
  return { read, artifacts: { get: async (hash: string) => (read.push(hash), artifacts.get(hash)) } };
}

describe('what lessons did, from the ledger', () => {
  it('is what was planted', async () => {
    const planted = await plantLessons(usual);
    expect(await verdicts(planted)).toEqual({
      works: 'helped',
      'does-nothing': 'did-nothing',
      harms: 'made-worse',
      noise: 'too-early',
    });
  });

  it('leaves what helped and what is open alone, and asks about the rest', async () => {
    const planted = await plantLessons(usual);
    const asked = retirementsOf([...(await effects(planted)).values()], planted.lessons, planted.now);
    expect(asked.map(({ lessonId }) => planted.fateOf.get(lessonId))).toEqual(['harms', 'does-nothing']);
  });

  it('counts those who had the lesson apart from those who had not', async () => {
    const planted = await plantLessons({ ...usual, fates: ['works'], withoutLesson: 0.3 });
    const [effect] = [...(await effects(planted)).values()];
    expect(effect?.verdict).toBe('helped');
    expect(effect?.without.of).toBeGreaterThan(100);
    expect((effect?.after.of ?? 0) + (effect?.without.of ?? 0)).toBe(16 * 48);
  });

  it('cannot be told where the plans were erased, for a lesson about a path', async () => {
    const planted = await plantLessons({ ...usual, fates: ['works'] });
    for (const { type, artifact } of planted.ledger.events)
      if (type === 'plan.generated') planted.ledger.artifacts.forget(artifact ?? '');
    expect((await effects(planted)).get('lesson-1')).toMatchObject({ before: { of: 0 }, verdict: 'too-early' });
  });

  it('leaves out the tasks whose verdicts were erased', async () => {
    const planted = await plantLessons({ ...usual, fates: ['does-nothing'] });
    const whole = (await effects(planted)).get('lesson-1');
    const failed = planted.ledger.events.filter(({ type }) => type === 'qa.failed');
    for (const { artifact } of failed.slice(-10)) planted.ledger.artifacts.forget(artifact ?? '');
    const { after } = (await effects(planted)).get('lesson-1') ?? {};
    expect(after).toEqual({ count: (whole?.after.count ?? 0) - 10, of: (whole?.after.of ?? 0) - 10 });
  });

  it('is the same where the words of the lesson are erased', async () => {
    const planted = await plantLessons(usual);
    for (const lesson of planted.lessons) lesson.text = 'erased';
    expect(await verdicts(planted)).toMatchObject({ works: 'helped' });
  });

  it('reads nothing where there is nothing to count by', async () => {
    const { lessons, ledger, tables } = await plantLessons(usual);
    const { read, artifacts } = counting(ledger.artifacts);
    const silent = lessons.map((lesson) => ({ ...lesson, fingerprint: null }));
    const found = await readEffects({ tables, artifacts }, await readHistories(ledger), silent);
    expect([found.map(({ verdict }) => verdict), read]).toEqual([Array(4).fill('not-countable'), []]);
  });

  it('reads no verdict that cannot count', async () => {
    const { lessons, ledger, tables } = await plantLessons({ ...usual, weeksBefore: 30, weeksSince: 2 });
    const { read, artifacts } = counting(ledger.artifacts);
    await readEffects({ tables, artifacts }, await readHistories(ledger), lessons);
    const early = ledger.events.filter(({ type, at }) => type === 'qa.failed' && at < '2026-08-25T00:00:00.000Z');
    expect(early.length).toBeGreaterThan(50);
    expect(early.filter(({ artifact }) => read.includes(artifact ?? ''))).toEqual([]);
  });

  it('says nothing of lessons that nobody has accepted', async () => {
    const planted = await plantLessons(usual);
    const open = planted.lessons.map((lesson) => ({ ...lesson, status: 'proposed' as const }));
    expect(await effects({ ...planted, lessons: open })).toEqual(new Map());
  });
});
