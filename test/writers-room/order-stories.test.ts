import { expect, it } from 'vitest';
import { orderStories } from '#src/writers-room/order-stories.ts';
import type { StoryDraft } from '#src/writers-room/story.ts';

function story(key: string, parts: Partial<StoryDraft> = {}): StoryDraft {
  return {
    key,
    epicKey: 'e',
    title: key,
    narrative: '',
    priority: 'unstated',
    points: 1,
    criteria: [],
    gherkin: '',
    dependsOn: [],
    evidence: [],
    changeSet: null,
    leftOut: [],
    ...parts,
  };
}

const accepted = {
  key: 'c',
  requestPosition: 0,
  acceptance: 'accepted' as const,
  acceptedBy: 1,
  edits: [],
  leftOut: [],
};

it('puts what people called a must first, and what nobody graded last', () => {
  const { stories, waves } = orderStories([
    story('a', { changeSet: accepted }),
    story('b', { priority: 'could' }),
    story('c', { priority: 'must' }),
    story('d', { priority: 'should' }),
  ]);
  expect(stories.map(({ key }) => key)).toEqual(waves.flat());
  expect(waves).toEqual([['c', 'd', 'a'], ['b']]);
});

it('never puts a story beside or before one that it builds on', () => {
  const { waves, violations } = orderStories([
    story('base', { changeSet: accepted }),
    story('first', { priority: 'must', dependsOn: ['base'], changeSet: accepted }),
  ]);
  expect(waves).toEqual([['base'], ['first']]);
  expect(violations).toEqual([]);
});

it('keeps a wave to what the points allow', () => {
  const { waves } = orderStories([
    story('a', { points: 8, changeSet: accepted }),
    story('b', { points: 5, changeSet: accepted }),
    story('c', { points: 1, changeSet: accepted }),
  ]);
  expect(waves).toEqual([['a', 'b'], ['c']]);
});

it('reports what no order can mend, and leaves nothing out', () => {
  const { stories, violations } = orderStories([story('a', { dependsOn: ['b'] }), story('b', { dependsOn: ['a'] })]);
  expect(stories).toHaveLength(2);
  expect(violations.map(({ rule }) => rule)).toEqual(['dependency']);
  expect(orderStories([])).toEqual({ stories: [], waves: [], violations: [] });
});
