import { describe, expect, it } from 'vitest';
import { matchCriteria } from '#src/qa/match-criteria.ts';
import type { TestCase } from '#src/qa/report.ts';
import type { Criterion } from '#src/writers-room/story.ts';

const criterion = (text: string, more: Partial<Criterion> = {}): Criterion => ({
  id: 'c1',
  text,
  given: [],
  when: [],
  then: [text],
  evidence: [0],
  ...more,
});
const example = (text: string, input: string, output: string): Criterion =>
  criterion(text, { when: [`the input is ${input}`], then: [`the result is ${output}`] });
const passed = (name: string): TestCase => ({ name, status: 'passed', message: null });
const failed = (name: string): TestCase => ({ name, status: 'failed', message: 'no' });
const states = (criteria: Criterion[], cases: TestCase[], before?: string[]): string[] =>
  matchCriteria(criteria, cases, new Set(before)).map(
    (proof) => `${proof.criterionId} ${proof.state}${proof.test === null ? '' : `: ${proof.test}`}`,
  );
const stateOf = (one: Criterion, name: string): string => matchCriteria([one], [passed(name)])[0]?.state ?? 'none';

describe('a criterion is proven by a test whose name says the same', () => {
  it('takes an input that is described, not given, as words', () => {
    const described = example('An empty title must become "untitled"', 'an empty title', '"untitled"');
    expect(stateOf(described, 'an empty title becomes untitled')).toBe('proven');
    expect(stateOf(described, 'a long title becomes untitled')).toBe('unproven');
  });

  it.each([
    ['Empty titles become "untitled"', 'empty title becomes "untitled"'],
    ['Empty titles become "untitled"', 'slugify > turns empty titles into untitled'],
    ['It joins words with dashes', 'slugify > joins words with a dash'],
    ['It lowercases', 'slugs > lower-cases'],
    ['A slug must never start or end with a dash', 'a slug never starts or ends with a dash'],
    ['Slugs are cut after 60 characters', 'cuts slugs after 60 characters'],
    ['A title without letters must not be accepted', 'title without letters is not accepted'],
    ['The cart total rounds to two decimals', 'test_cart_total_rounds_to_two_decimals'],
    ['Trailing dashes are removed', 'TestSlug > removedTrailingDashes > trailing dashes removed'],
  ])('%j by %j', (text, name) => {
    expect(stateOf(criterion(text), name)).toBe('proven');
  });

  it('or gives the same example', () => {
    const one = example('"Hello World" becomes "hello-world"', '"Hello World"', '"hello-world"');
    expect(stateOf(one, 'slugify("Hello World") returns "hello-world"')).toBe('proven');
    expect(stateOf(one, 'Hello World → hello-world')).toBe('proven');
    expect(stateOf(example('Crème → creme', 'Crème', 'creme'), 'Crème becomes creme')).toBe('proven');
  });
});

describe('a criterion stays unproven by a test that might mean something else', () => {
  it.each([
    ['Empty titles become "untitled"', 'empty titles become "unnamed"', 'another literal'],
    ['Empty titles become "untitled"', 'untitled', 'too little'],
    ['Slugs are cut after 60 characters', 'slugs are cut after 80 characters', 'another number'],
    ['Slugs are cut after 60 characters', 'slugs are cut after characters', 'no number'],
    ['Slugs are cut after a while', 'slugs are cut after 10 characters a while', 'a number of its own'],
    ['Empty titles are accepted', 'empty titles are not accepted', 'the opposite'],
    ['Empty titles are not accepted', 'empty titles are accepted', 'the opposite'],
    ['It replaces spaces by dashes', 'replaces dashes by spaces', 'the other way round'],
    ['It replaces spaces by dashes', 'spaces > replaces dashes by spaces', 'the other way round'],
    ['It trims', 'trims dashes off old slugs', 'one word of many'],
    ['It works', 'works', 'nothing at all'],
    ['Titles are saved', 'titles of old deleted archived posts are saved on request by editors', 'much more'],
    ['Editors can publish a post after review', 'editors can publish', 'half'],
  ])('%j by %j (%s)', (text, name) => {
    expect(stateOf(criterion(text), name)).toBe('unproven');
  });

  it.each([
    ['slugify("hello world") returns "hello-world"', 'another case of letters'],
    ['"hello-world" becomes "Hello World"', 'the other way round'],
    ['"Hello Worlds" becomes "hello-world"', 'a longer word'],
    ['"Hello World" becomes "hello-world-2"', 'a longer result'],
    ['does not turn "Hello World" into "hello-world"', 'the opposite'],
  ])('an example by %j (%s)', (name) => {
    expect(stateOf(example('"Hello World" becomes "hello-world"', '"Hello World"', '"hello-world"'), name)).toBe(
      'unproven',
    );
  });

  it('nor by a skipped one', () => {
    expect(
      states(
        [criterion('It joins words with dashes')],
        [{ name: 'joins words with dashes', status: 'skipped', message: null }],
      ),
    ).toEqual(['c1 unproven']);
  });
});

describe('several', () => {
  const two = [
    criterion('Titles are joined with dashes'),
    criterion('Long titles are joined with dashes', { id: 'c2' }),
  ];

  it('gives a test to the criterion that it fits best', () => {
    expect(states(two, [passed('long titles are joined with dashes')])).toEqual([
      'c1 unproven',
      'c2 proven: long titles are joined with dashes',
    ]);
  });

  it('lets a failing test outweigh a passing one', () => {
    expect(
      states(
        [criterion('It joins words with dashes')],
        [passed('joins words with dashes'), failed('again > joins words with dashes')],
      ),
    ).toEqual(['c1 failed: again > joins words with dashes']);
  });
});

describe('a tag in the name', () => {
  const two = [criterion('Red'), criterion('It joins words with dashes', { id: 'c2' })];

  it.each([
    '[c1] anything',
    'suite > anything (C1)',
    'anything @c1',
    'c1: anything',
    'c1 joins words with dashes',
    'c1 suite > anything',
  ])('decides: %s', (name) => {
    expect(states(two, [passed(name)])).toEqual([`c1 proven: ${name}`, 'c2 unproven']);
  });

  it.each(['abc1 x', 'uses c1 somewhere', '[c11] x', 'me@c1.org', 'c10 x'])('is not seen in %s', (name) => {
    expect(states(two, [passed(name)])[0]).toBe('c1 unproven');
  });

  it('is not believed of a test that passed before this story', () => {
    expect(states(two, [passed('[c1] of an older story')], ['[c1] of an older story'])).toEqual([
      'c1 unproven',
      'c2 unproven',
    ]);
  });
});
