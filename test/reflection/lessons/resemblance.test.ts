import { describe, expect, it } from 'vitest';
import { contradicts, isSameLesson } from '#src/reflection/lessons/resemblance.ts';
import type { Compared } from '#src/reflection/lessons/resemblance.ts';

const lesson = (text: string, rest: Partial<Compared> = {}): Compared => ({
  ...{ scopeKind: 'project', scopeKey: null, repoId: null, fingerprint: null },
  text,
  ...rest,
});
const inFolder = (scopeKey: string) => ({ scopeKind: 'path', scopeKey }) as const;
const about = (fingerprint: string, repoId = 'repo') => ({ fingerprint, repoId });

describe('two lessons are the same', () => {
  it.each([
    ['Run the search tests.', 'run search tests'],
    ['Always run the search tests before you hand over.', 'Run search tests before your hand over'],
    ['Don’t round prices.', 'Do not round prices!'],
    ['Never use floats for money.', 'never use FLOATS for money'],
    ['Beträge immer in Cent rechnen.', 'Betrage in Cent rechnen'],
  ])('%s — %s', (one, other) => {
    expect(isSameLesson(lesson(one), lesson(other))).toBe(true);
  });

  it('where they are about one failure for the same work, in whatever words', () => {
    const [one, other] = [lesson('Run it.', about('f')), lesson('Look at src/round.ts.', about('f'))];
    expect(isSameLesson(one, other)).toBe(true);
    expect(isSameLesson(one, { ...other, ...about('g') })).toBe(false);
    expect(isSameLesson(one, { ...other, ...about('f', 'another-repo') })).toBe(false);
    expect(isSameLesson(one, { ...other, ...inFolder('src') })).toBe(false);
  });

  it.each([
    ['Run lint before the tests.', 'Run lint after the tests.'],
    ['Round prices up.', 'Never round prices up.'],
    ['Run the tests of the cart.', 'Run the tests of the search.'],
    ['Retry 3 times.', 'Retry 5 times.'],
    ['Ask Ada before Grace.', 'Ask Grace before Ada.'],
    ['Use fake clocks.', 'Use fake clocks in tests of the queue.'],
  ])('and not: %s — %s', (one, other) => {
    expect(isSameLesson(lesson(one), lesson(other))).toBe(false);
  });

  it('and not for other work', () => {
    expect(isSameLesson(lesson('Round up.', inFolder('src/cart')), lesson('Round up.', inFolder('src/tax')))).toBe(
      false,
    );
  });
});

describe('two lessons contradict each other', () => {
  it.each([
    ['Always round prices up.', 'Never round prices up.'],
    ['Use floats for money.', 'Do not use floats for money.'],
    ['Avoid floats for money.', 'Use floats for money.'],
    ['Run lint before the tests.', 'Run lint after the tests.'],
    ['Round half a cent up.', 'Round half a cent down.'],
    ['Names must be sorted by their last letter.', 'Names must not be sorted by their last letter.'],
    ['Keep old routes. Mock the mailer in tests.', 'Never mock the mailer in tests.'],
    ['Beträge am Ende runden.', 'Beträge nie am Ende runden.'],
  ])('%s — %s', (one, other) => {
    expect(contradicts(lesson(one), lesson(other))).toBe(true);
    expect(contradicts(lesson(other), lesson(one))).toBe(true);
  });

  it.each([
    ['Always round prices up.', 'Round prices up.'],
    ['Use tabs.', 'Use spaces.'],
    ['Never log addresses of customers.', 'Log the order number with each error.'],
    ['Do not mock the database.', 'Mock the mailer.'],
    ['Run the tests.', 'Never run the importer on Sundays.'],
    ['Sort names.', 'Do not sort prices in the cart by name.'],
  ])('and not: %s — %s', (one, other) => {
    expect(contradicts(lesson(one), lesson(other))).toBe(false);
  });

  it('only where both are for the same work', () => {
    const [yes, no] = ['Always round prices up.', 'Never round prices up.'];
    const between = (one: Partial<Compared>, other: Partial<Compared>) =>
      contradicts(lesson(yes, one), lesson(no, other));
    expect(between({}, inFolder('src/cart'))).toBe(true);
    expect(between(inFolder('src'), inFolder('src/cart'))).toBe(true);
    expect(between(inFolder('src/cart'), inFolder('src/cart-old'))).toBe(false);
    const ollan = { scopeKind: 'persona', scopeKey: 'ollan' } as const;
    expect(between(ollan, { ...ollan, scopeKey: 'vera' })).toBe(false);
    expect(between(ollan, inFolder('src'))).toBe(true);
  });
});
