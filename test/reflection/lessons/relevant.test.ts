import { describe, expect, it } from 'vitest';
import { ERASED } from '#src/ledger/define-event.ts';
import type { LessonRow } from '#src/ledger/reflection-rows.ts';
import { packedLesson } from '#src/reflection/lessons/packed-lesson.ts';
import { relevantLessons } from '#src/reflection/lessons/relevant.ts';
import type { LessonOccasion } from '#src/reflection/lessons/relevant.ts';
import fc from '#test/support/property.ts';
import { lessonRow } from './lesson-row.ts';

const occasion: LessonOccasion = {
  persona: 'ollan',
  paths: ['src/cart/total.ts'],
  words: 'Round the total half up, as docs/money.md says.',
  at: '2026-11-21T09:00:00.000Z',
};

const numbersOf = (lessons: readonly LessonRow[], more: Partial<LessonOccasion> = {}) =>
  relevantLessons(lessons, { ...occasion, ...more }).map(({ number }) => number);

describe('which lessons are for a step', () => {
  it.each<[string, Partial<LessonRow>, boolean]>([
    ['accepted', {}, true],
    ['waiting', { status: 'proposed', expiresAt: null }, false],
    ['declined', { status: 'declined' }, false],
    ['retired', { status: 'retired' }, false],
    ['refused', { status: 'refused' }, false],
    ['run out', { expiresAt: occasion.at as string }, false],
    ['asked whether it may go, but still in force', { retirementProposed: true }, true],
    ['erased', { text: ERASED }, false],
    ['for this persona', { scopeKind: 'persona', scopeKey: 'ollan' }, true],
    ['for another persona', { scopeKind: 'persona', scopeKey: 'vera' }, false],
    ['for a touched file', { scopeKind: 'path', scopeKey: 'src/cart/total.ts' }, true],
    ['for a folder above it', { scopeKind: 'path', scopeKey: 'src' }, true],
    ['for a folder above it, with a slash behind it', { scopeKind: 'path', scopeKey: 'src/cart/' }, true],
    ['for a folder whose name only begins like it', { scopeKind: 'path', scopeKey: 'src/ca' }, false],
    ['for a file below it', { scopeKind: 'path', scopeKey: 'src/cart/total.ts/x' }, false],
    ['for a path that the words name', { scopeKind: 'path', scopeKey: 'docs' }, true],
    ['for a path that nobody names', { scopeKind: 'path', scopeKey: 'src/till' }, false],
  ])('one that is %s', (_what, more, isFor) => {
    expect(numbersOf([lessonRow({ number: 1, ...more })])).toEqual(isFor ? [1] : []);
  });

  it.each([
    ['in src/till.', true],
    ['(see ./src/till/open.ts)', true],
    ['in `src/till/`', true],
    ['the till of src', false],
    ['other/src/till', false],
  ])('reads the path in the words %j', (words, isFor) => {
    const lesson = lessonRow({ number: 1, scopeKind: 'path', scopeKey: 'src/till' });
    expect(numbersOf([lesson], { words, paths: [] })).toEqual(isFor ? [1] : []);
  });

  it('puts those for a touched path first, then those with the words of the task, then the narrower and newer', () => {
    const later = '2026-11-20T10:00:00.000Z';
    const lessons = [
      lessonRow({ number: 1, text: 'Ask before you add a dependency.' }),
      lessonRow({ number: 2, text: 'Round half up, never to even.' }),
      lessonRow({ number: 3, text: 'Name things plainly.', decidedAt: later }),
      lessonRow({ number: 4, text: 'Think of odd input.', scopeKind: 'persona', scopeKey: 'ollan' }),
      lessonRow({ number: 5, text: 'Keep it small.', scopeKind: 'path', scopeKey: 'src/cart' }),
      lessonRow({
        ...{ number: 6, text: 'Round the total half up.', scopeKind: 'path', scopeKey: 'src/cart' },
        retirementProposed: true,
      }),
    ];
    expect(numbersOf(lessons)).toEqual([5, 2, 4, 3, 1, 6]);
    expect(numbersOf(lessons.toReversed())).toEqual([5, 2, 4, 3, 1, 6]);
  });

  it('puts what helped before what shares more words, where it is about them at all', () => {
    const lessons = [
      lessonRow({ number: 1, text: 'Round the total half up.' }),
      lessonRow({ number: 2, text: 'A total has a currency.' }),
      lessonRow({ number: 3, text: 'Name things plainly.' }),
      lessonRow({ number: 4, text: 'Never mind the total.', retirementProposed: true }),
    ];
    const helped = new Set(['lesson-2', 'lesson-3', 'lesson-4']);
    expect(numbersOf(lessons)).toEqual([1, 2, 3, 4]);
    expect(numbersOf(lessons, { helped })).toEqual([2, 1, 3, 4]);
  });

  it.each<[string, Partial<LessonRow>, Partial<LessonRow>, number]>([
    ['the one accepted later', { decidedAt: '2026-11-20T10:00:00.000Z' }, {}, 1],
    ['the later one, whichever names the other', { conflictsWith: [] }, { conflictsWith: ['lesson-1'] }, 2],
    ['the narrower one', { scopeKind: 'path', scopeKey: 'src/cart' }, { decidedAt: '2026-11-20T10:00:00.000Z' }, 1],
    [
      'the deeper path',
      { scopeKind: 'path', scopeKey: 'src' },
      { scopeKind: 'path', scopeKey: 'src/cart', decidedAt: '2026-11-19T10:00:00.000Z' },
      2,
    ],
  ])('gives only one of two that disagree: %s', (_what, one, other, given) => {
    const lessons = [lessonRow({ number: 1, conflictsWith: ['lesson-2'], ...one }), lessonRow({ number: 2, ...other })];
    expect(numbersOf(lessons)).toEqual([given]);
  });

  it('lets nothing overrule that is not for this step itself', () => {
    const older = lessonRow({ number: 1, conflictsWith: ['lesson-2', 'lesson-3'] });
    const gone = lessonRow({ number: 2, status: 'retired', decidedAt: '2026-11-20T10:00:00.000Z' });
    const elsewhere = lessonRow({ number: 3, scopeKind: 'persona', scopeKey: 'vera' });
    expect(numbersOf([older, gone, elsewhere])).toEqual([1]);
    const chain = [
      lessonRow({ number: 1 }),
      lessonRow({ number: 2, conflictsWith: ['lesson-1'] }),
      lessonRow({ number: 3, conflictsWith: ['lesson-2'] }),
    ];
    expect(numbersOf(chain)).toEqual([3, 1]);
  });

  it('gives the same list whatever the order of the rows, and no two that disagree', () => {
    const row = fc.record({
      number: fc.integer({ min: 1, max: 12 }),
      text: fc.constantFrom('Round half up.', 'Never round.', 'Name things.'),
      scopeKey: fc.constantFrom('src', 'src/cart', 'docs'),
      scopeKind: fc.constantFrom('project' as const, 'path' as const),
      conflictsWith: fc.array(
        fc.integer({ min: 1, max: 12 }).map((number) => `lesson-${number}`),
        { maxLength: 2 },
      ),
    });
    fc.assert(
      fc.property(fc.uniqueArray(row, { selector: ({ number }) => number, maxLength: 12 }), (rows) => {
        const lessons = rows.map((each) =>
          lessonRow({ ...each, conflictsWith: each.conflictsWith.filter((id) => id !== `lesson-${each.number}`) }),
        );
        const given = relevantLessons(lessons, occasion);
        expect(relevantLessons(lessons.toReversed(), occasion)).toEqual(given);
        const ids = new Set(given.map(({ id }) => id));
        expect(given.filter(({ conflictsWith }) => conflictsWith.some((id) => ids.has(id)))).toEqual([]);
      }),
    );
  });

  it('does not lose itself in long words', () => {
    const words = `${'a'.repeat(100_000)} ${'a.'.repeat(50_000)} ${'/'.repeat(50_000)} ${'a/'.repeat(50_000)}`;
    expect(numbersOf([lessonRow({ number: 1 })], { words })).toEqual([1]);
  });
});

describe('a lesson in a pack', () => {
  it.each<[Partial<LessonRow>, string]>([
    [{}, 'Lesson 3, a rule (ada accepted it on 20 November 2026)'],
    [
      { kind: 'check', scopeKind: 'path', scopeKey: 'src/cart' },
      'Lesson 3 for src/cart, something to check before the work is done (ada accepted it on 20 November 2026)',
    ],
    [
      { kind: 'known-fix', scopeKind: 'persona', scopeKey: 'vera', decidedBy: 'grace' },
      'Lesson 3 for Vera, what helped before (grace accepted it on 20 November 2026)',
    ],
  ])('%j says what it is, for whom, and who let it count', (more, title) => {
    expect(packedLesson(lessonRow({ number: 3, ...more }))).toMatchObject({ id: 'lesson-3', title });
  });
});
