import { describe, expect, it } from 'vitest';
import type { LessonRow, LessonUseRow } from '#src/ledger/reflection-rows.ts';
import type { Failure } from '#src/reflection/failures.ts';
import { effectSentence, effectsOf, retirementsOf } from '#src/reflection/lessons/effect.ts';
import type { LessonEffect } from '#src/reflection/lessons/effect.ts';
import type { TaskHistory, Verdict } from '#src/reflection/task-history.ts';
import { lessonRow } from './lesson-row.ts';

const ACCEPTED_MS = Date.parse('2026-09-01T00:00:00.000Z');
const DAY_MS = 86_400_000;
const day = (days: number): string => new Date(ACCEPTED_MS + days * DAY_MS).toISOString();

const about = { repoId: 'repo', fingerprint: 'test | rounds half a cent up | assertion' };
const lesson = lessonRow({
  ...{ number: 3, ...about, proposedAt: day(-1), wordedAt: day(-1), decidedAt: day(0), expiresAt: day(180) },
});

interface Told {
  /** Of its first verdict, from the day of the lesson on. */
  at: number;
  fails?: boolean;
  given?: boolean;
  outcome?: Verdict['outcome'];
  erased?: boolean;
  /** No checks ran the first time. */
  isLate?: boolean;
  planned?: string[];
  /** When a model was first asked; null: never. */
  asked?: number | null;
  repoId?: string;
}

/** Tasks as the ledger tells them, with what was found in them and which of them had the lesson. */
function told(tasks: readonly Told[], of: LessonRow = lesson) {
  const histories: TaskHistory[] = [];
  const failures: Failure[] = [];
  const uses: LessonUseRow[] = [];
  const planned = new Map<string, string[]>();
  for (const [
    index,
    { at, fails = false, given = at > 0, erased = false, repoId = 'repo', asked = at - 0.02, ...rest },
  ] of tasks.entries()) {
    const [number, taskId] = [index + 1, `task-${index + 1}`];
    const outcome = rest.outcome ?? (fails || erased ? 'failed' : 'passed');
    const verdict: Verdict = { outcome, attempt: 1, run: 1, at: day(at), seq: number, artifact: null };
    const early: Verdict = { ...verdict, outcome: 'no-checks', at: day(at - 1) };
    histories.push({
      ...{ taskId, projectId: 'project', conversationId: 'c', repoId, number, points: 1, requester: 'ada' },
      ...{ reverts: null, beganByItself: false, committedAt: day(at), run: 1, planArtifact: null, builds: [] },
      modelAskedAt: asked === null ? null : day(asked),
      verdicts: rest.isLate === true ? [early, verdict] : [verdict],
      ...{ steps: [], stands: [], blocked: [], touches: [], openedAt: null, endedAt: null },
      ...{ outcome: null, costMicroUsd: 0, tokens: 0, clockJumps: 0, endedSeq: null },
      now: { holder: 'line', since: day(at), why: 'x' },
    });
    if (fails) {
      const found = { fingerprint: about.fingerprint, kind: 'assertion' as const, check: 'test', paths: [] };
      failures.push({
        ...{ ...found, test: 'rounds half a cent up', taskId, taskNumber: number },
        ...{ repoId, at: day(at), seq: number, attempt: 1 },
      });
    }
    if (given) uses.push(useOf(taskId, day(at - 0.01), of));
    if (rest.planned !== undefined) planned.set(taskId, rest.planned);
  }
  return { histories, failures, uses, planned };
}

function useOf(taskId: string, at: string, { id: lessonId }: LessonRow): LessonUseRow {
  return { id: `${taskId}/${at}`, lessonId, taskId, runId: 'run', attempt: 1, step: 'build', persona: 'ollan', at };
}

function effectOf(tasks: readonly Told[], of: LessonRow = lesson, moreUses: LessonUseRow[] = []): LessonEffect {
  const { histories, failures, uses, planned } = told(tasks, of);
  const [effect] = effectsOf([of], [...uses, ...moreUses], histories, failures, planned);
  if (effect === undefined) throw new Error('no effect');
  return effect;
}

/** So many tasks of so many fail, spread over the days from `from` on. */
function some(count: number, of: number, from: number, rest: Partial<Told> = {}): Told[] {
  return Array.from({ length: of }, (_, index) => ({ at: from + (index * 30) / of, fails: index < count, ...rest }));
}

describe('what a lesson did', () => {
  it('is counted in tasks with the failure, before it and since', () => {
    expect(effectOf([...some(12, 20, -40), ...some(1, 30, 1)])).toMatchObject({
      lessonId: lesson.id,
      failing: 'rounds half a cent up',
      before: { count: 12, of: 20 },
      after: { count: 1, of: 30 },
      without: { count: 0, of: 0 },
      verdict: 'helped',
      since: day(0),
    });
  });

  it.each([
    ['helped', some(12, 20, -40), some(1, 30, 1)],
    ['did-nothing', some(20, 40, -40), some(22, 40, 1)],
    ['made-worse', some(4, 40, -40), some(20, 30, 1)],
    ['too-early', some(12, 20, -40), some(0, 9, 1)],
    ['too-early', some(3, 60, -40), some(2, 60, 1)],
    ['too-early', [], some(0, 40, 1)],
    ['too-early', some(12, 20, -40), []],
  ] as const)('%s', (verdict, before, after) => {
    expect(effectOf([...before, ...after]).verdict).toBe(verdict);
  });

  it('is not believed for what one failure fewer would undo', () => {
    const since = some(0, 15, 1);
    expect(effectOf([...some(9, 20, -40), ...since]).verdict).toBe('too-early');
    expect(effectOf([...some(10, 20, -40), ...since]).verdict).toBe('helped');
  });

  it('cannot be counted without a failure or before anybody accepted it', () => {
    const tasks = [...some(12, 20, -40), ...some(1, 30, 1)];
    const silent = effectOf(tasks, { ...lesson, fingerprint: null });
    const proposed = effectOf(tasks, {
      ...lesson,
      status: 'proposed',
      decidedBy: null,
      decidedAt: null,
      expiresAt: null,
    });
    expect([silent.verdict, proposed.verdict]).toEqual(['not-countable', 'not-countable']);
    expect(silent).toMatchObject({ before: { of: 0 }, after: { of: 0 }, difference: null });
  });
});

describe('which tasks are counted', () => {
  const counts = (tasks: Told[], of: LessonRow = lesson, uses: LessonUseRow[] = []) => {
    const { before, after, without } = effectOf(tasks, of, uses);
    return [before, after, without].map(({ count, of: all }) => `${count}/${all}`).join(' ');
  };

  it.each([
    ['those of another repository are not', [{ at: -5, fails: true, repoId: 'other' }], '0/0 0/0 0/0'],
    ['those without checks are not', [{ at: -5, outcome: 'no-checks' }], '0/0 0/0 0/0'],
    [
      'those that no model worked on are not',
      [
        { at: -5, asked: null },
        { at: -6, asked: -4 },
      ],
      '0/0 0/0 0/0',
    ],
    ['those of more than 90 days ago are not', [{ at: -91, fails: true }, { at: -89 }], '0/1 0/0 0/0'],
    [
      'those whose words are erased are not',
      [
        { at: -5, erased: true },
        { at: 5, erased: true },
      ],
      '0/0 0/0 0/0',
    ],
    ['those without the lesson are counted apart', [{ at: 5, given: false, fails: true }, { at: 6 }], '0/0 0/1 1/1'],
    ['those after it ran out are not', [{ at: 190, given: false }], '0/0 0/0 0/0'],
  ] satisfies [string, Told[], string][])('%s', (_what, tasks, expected) => {
    expect(counts(tasks)).toBe(expected);
  });

  it('one whose checks did not run at first, from when they did', () => {
    expect(counts([{ at: 0.5, isLate: true, given: true }])).toBe('0/0 0/1 0/0');
  });

  it('one that got the lesson only after it had failed counts as without it', () => {
    const late = [{ at: 5, fails: true, given: false }];
    expect(counts(late, lesson, [useOf('task-1', day(5.5), lesson)])).toBe('0/0 0/0 1/1');
  });

  it('for a lesson about a path, those whose plan names a file there', () => {
    const scoped = { ...lesson, scopeKind: 'path' as const, scopeKey: 'src/cart' };
    const tasks = [
      { at: -5, planned: ['src/cart/add.ts'], fails: true },
      { at: -5, planned: ['src/cart'] },
      { at: -5, planned: ['src/cartoon.ts'] },
      { at: -5 },
      { at: 5, planned: ['README.md', 'src/cart/sum.ts'] },
    ];
    expect(counts(tasks, scoped)).toBe('1/2 0/1 0/0');
  });

  it('for a lesson of a persona, all', () => {
    expect(counts([{ at: -5 }, { at: 5 }], { ...lesson, scopeKind: 'persona', scopeKey: 'ollan' })).toBe('0/1 0/1 0/0');
  });

  it('new words begin anew', () => {
    const tasks = [{ at: -5 }, { at: 5 }, { at: 15 }];
    expect(counts(tasks, { ...lesson, wordedAt: day(10) })).toBe('0/2 0/1 0/0');
  });

  it('who was given the old words was not given the new ones', () => {
    expect(counts([{ at: 10.005 }], { ...lesson, wordedAt: day(10) })).toBe('0/0 0/0 0/1');
  });

  it('a yes that is renewed does not', () => {
    const tasks = [{ at: -5 }, { at: 5 }, { at: 15 }];
    expect(counts(tasks, { ...lesson, decidedAt: day(10), expiresAt: day(190) })).toBe('0/1 0/2 0/0');
  });

  it('a clock that was set back moves a task and breaks nothing', () => {
    expect(counts([{ at: 5 }, { at: -3, given: true }, { at: 6 }])).toBe('0/1 0/2 0/0');
  });
});

describe('what tasks without the lesson show', () => {
  const better = [...some(12, 20, -40), ...some(1, 30, 1)];

  it('keeps a failure that ended by itself from being its merit', () => {
    const effect = effectOf([...better, ...some(1, 12, 2, { given: false })]);
    expect(effect.verdict).toBe('too-early');
    expect(effectSentence(lesson, effect)).toMatch(/; but tasks without it may do as well\.$/);
  });

  it('leaves it its merit where they still fail', () => {
    expect(effectOf([...better, ...some(8, 12, 2, { given: false })]).verdict).toBe('helped');
  });
});

describe('an effect in words', () => {
  const sentence = (before: Told[], after: Told[]): string => effectSentence(lesson, effectOf([...before, ...after]));

  it.each([
    [
      'a clear one',
      some(40, 80, -40),
      some(1, 80, 1),
      '“rounds half a cent up” failed in 40 of 80 tasks before lesson 3, and in 1 of 80 since.',
    ],
    [
      'a clear one of unclear size',
      some(14, 20, -40),
      some(1, 12, 1),
      '“rounds half a cent up” failed in 14 of 20 tasks before lesson 3, and in 1 of 12 since; by how much it helps is not sure yet.',
    ],
    [
      'none',
      some(20, 40, -40),
      some(22, 40, 1),
      '“rounds half a cent up” failed in 20 of 40 tasks before lesson 3, and in 22 of 40 since: about as often.',
    ],
    [
      'a bad one',
      some(4, 40, -40),
      some(20, 30, 1),
      '“rounds half a cent up” failed in 4 of 40 tasks before lesson 3, and in 20 of 30 since: more often.',
    ],
    [
      'one of too few',
      some(1, 1, -40),
      some(1, 3, 1),
      '“rounds half a cent up” failed in 1 of 1 task before lesson 3, and in 1 of 3 since, too few to be sure.',
    ],
    [
      'one that nobody could see yet',
      some(3, 9, -40),
      [],
      '“rounds half a cent up” failed in 3 of 9 tasks before lesson 3; no task that was given it has been checked yet.',
    ],
  ])('%s', (_what, before, after, words) => {
    expect(sentence(before, after)).toBe(words);
  });

  it('says so where nothing can be counted', () => {
    const effect = effectOf([], { ...lesson, fingerprint: null });
    expect(effectSentence(lesson, effect)).toBe('What lesson 3 does cannot be counted.');
  });

  it('takes the name of a test for a name, on one line and not too long', () => {
    const effect = { ...effectOf(some(3, 9, -40)), failing: `a\n\u202eb ${'long '.repeat(60)}` };
    const words = effectSentence(lesson, effect);
    expect(words).not.toMatch(/[\n\u202e]/);
    expect(words.length).toBeLessThan(220);
  });
});

describe('what is proposed to go', () => {
  const NOW = new Date(ACCEPTED_MS + 100 * DAY_MS);
  const useless = effectOf([...some(20, 40, -40), ...some(22, 40, 1)]);
  const harmful = { ...effectOf([...some(4, 40, -40), ...some(20, 30, 1)]), lessonId: 'lesson-4' };
  const helpful = { ...effectOf([...some(12, 20, -40), ...some(1, 30, 1)]), lessonId: 'lesson-5' };
  const lessons = [lesson, { ...lesson, id: 'lesson-4', number: 4 }, { ...lesson, id: 'lesson-5', number: 5 }];
  const ids = (rows: readonly LessonRow[], at = NOW) =>
    retirementsOf([useless, harmful, helpful], rows, at).map(({ lessonId }) => lessonId);

  it('is what does nothing or harm, the worst first', () => {
    expect(ids(lessons)).toEqual(['lesson-4', 'lesson-3']);
  });

  it.each([
    ['a person is asked already', { retirementProposed: true }],
    ['it ran out', { expiresAt: NOW.toISOString() }],
    ['it is retired', { status: 'retired' }],
    ['a person wanted it to stay not long ago', { keptAt: day(20) }],
  ] as const)('but not where %s', (_why, more) => {
    expect(ids([{ ...lesson, ...more }])).toEqual([]);
  });

  it('is asked again a season after a person wanted it to stay', () => {
    expect(ids([{ ...lesson, keptAt: day(10) }])).toEqual(['lesson-3']);
  });
});
