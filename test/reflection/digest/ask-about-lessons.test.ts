import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { LessonRow } from '#src/ledger/reflection-rows.ts';
import { analyse } from '#src/reflection/analyse.ts';
import { askAboutLessons } from '#src/reflection/digest/ask-about-lessons.ts';
import { bestEffect } from '#src/reflection/digest/best-effect.ts';
import type { LessonEffect } from '#src/reflection/lessons/effect.ts';
import { decideOnLesson, offerLesson } from '#src/reflection/lessons/keep-lessons.ts';
import { openTestStore, type TestStore } from '#test/persistence/support.ts';
import { lessonRow } from '../lessons/lesson-row.ts';

const effectOf = (lessonId: string, more: Partial<LessonEffect> = {}): LessonEffect => ({
  ...{ lessonId, failing: 'cart > adds', without: { count: 0, of: 0 }, since: '2026-10-01T00:00:00.000Z' },
  ...{ before: { count: 5, of: 20 }, after: { count: 5, of: 22 }, difference: { low: -0.2, high: 0.2 } },
  verdict: 'did-nothing',
  ...more,
});

describe('a lesson that seems to do nothing', () => {
  let store: TestStore;
  let projectId = '';
  beforeAll(async () => {
    store = await openTestStore();
  });
  afterAll(() => store.close());
  beforeEach(() => {
    projectId = randomUUID();
  });

  const tools = () => ({
    unitOfWork: store.unitOfWork,
    clock: { now: () => new Date('2026-11-23T09:00:00.000Z') },
    ids: { next: () => randomUUID() },
  });
  const rows = () => store.unitOfWork.tables.find('lessons', { projectId }, { orderBy: 'number' });

  async function accept(text: string): Promise<void> {
    const scope = { kind: 'project' as const, key: null };
    const told = { projectId, origin: 'told' as const, kind: 'rule' as const, scope, about: null, text, evidence: [] };
    const { lesson } = await offerLesson(tools(), told, 'ada');
    await decideOnLesson(tools(), { lessonId: lesson.id, actor: 'ada', decision: { type: 'accept' } });
  }

  /** What a retrospective asks about now, of which each accepted lesson did nothing. */
  async function ask(): Promise<LessonRow[]> {
    const lessons = await rows();
    const period = { from: '2026-11-16T09:00:00.000Z', until: '2026-11-23T09:00:00.000Z' };
    const reading = { histories: [], ideaAt: new Map<string, string>(), events: 0 };
    const analysis = await analyse(store.unitOfWork, reading, { projectId, period });
    return askAboutLessons(tools(), { analysis, lessons, effects: lessons.map(({ id }) => effectOf(id)) }, []);
  }

  it('is asked about, one at a time, until a person answers', async () => {
    await accept('Round half a cent up.');
    await accept('Greet people by name.');
    const [first, ...others] = await ask();
    expect(others).toEqual([]);
    expect(first?.retirementProposed).toBe(true);
    expect((await ask()).map(({ id }) => id)).toEqual([first?.id]);
    await decideOnLesson(tools(), { lessonId: first?.id ?? '', actor: 'ada', decision: { type: 'keep' } });
    expect((await ask()).map(({ id }) => id)).toEqual(
      (await rows()).map(({ id }) => id).filter((id) => id !== first?.id),
    );
  });
});

describe('the one thing that got better', () => {
  const lessons = [1, 2, 3].map((number) => lessonRow({ number }));
  const helped = (number: number, count: number): LessonEffect =>
    effectOf(`lesson-${number}`, { verdict: 'helped', before: { count: 10, of: 20 }, after: { count, of: 20 } });

  it('is what the lesson that helped most did, in words with counts', () => {
    expect(bestEffect(lessons, [helped(1, 4), helped(2, 1), effectOf('lesson-3')], null)).toMatchObject({
      lessonId: 'lesson-2',
      text: expect.stringContaining('10 of 20 tasks before lesson 2, and in 1 of 20 since'),
    });
  });

  it('is another one than last week, where there is one', () => {
    expect(bestEffect(lessons, [helped(1, 4), helped(2, 1)], 'lesson-2')?.lessonId).toBe('lesson-1');
    expect(bestEffect(lessons, [helped(2, 1)], 'lesson-2')?.lessonId).toBe('lesson-2');
  });

  it.each(['did-nothing', 'made-worse', 'too-early', 'not-countable'] as const)(
    'is never made up: not where the verdict is %s',
    (verdict) => {
      expect(bestEffect(lessons, [effectOf('lesson-1', { verdict, after: { count: 0, of: 20 } })], null)).toBeNull();
    },
  );
});
