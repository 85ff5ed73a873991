import { describe, expect, it } from 'vitest';
import type { Canvas, CanvasFeature } from '#src/inception/canvas.ts';
import { findChangeSets } from '#src/writers-room/change-sets.ts';
import { checkFeature } from '#src/writers-room/gherkin.ts';
import { writeStories } from '#src/writers-room/write-stories.ts';
import { file, talk } from './fixtures/talk.ts';

const absent = { value: null, basis: 'absent' as const, evidence: [] };

function canvasOf(...features: Partial<CanvasFeature>[]): Canvas {
  return {
    conversationId: 'talk',
    vision: {
      finalClient: absent,
      problem: absent,
      productName: absent,
      category: absent,
      keyBenefit: absent,
      alternative: absent,
      keyDifference: absent,
    },
    isIsNotDoesDoesNot: { is: [], isNot: [], does: [], doesNot: [] },
    goals: [],
    personas: [],
    constraints: [],
    openQuestions: [],
    features: features.map((feature, index) => ({
      key: `f${index}`,
      text: 'slugify titles',
      persona: null,
      priority: 'unstated',
      basis: 'stated',
      status: 'active',
      inMvp: null,
      evidence: [0],
      maybe: false,
      withdrawnBy: null,
      ...feature,
    })),
  };
}

function write(canvas: Canvas, ...lines: Parameters<typeof talk>) {
  const { conversation, blocks } = talk(...lines);
  const { changeSets, emptied } = findChangeSets(conversation, blocks);
  return writeStories(conversation, canvas, changeSets, emptied);
}

const request =
  'Write a function slugify(title) for our blog. `Hello World` becomes `hello-world`. Accents should be removed. An empty title gives `untitled`.';
const chat: Parameters<typeof talk> = [
  ['You', request],
  ['Bot', 'Here:', file('src/slug.js', 'export const slugify = 1;')],
  ['You', 'Can you also cut slugs after 60 characters?'],
  ['Bot', 'Sure:', file('src/slug.js', 'export const slugify = 2;')],
  ['You', 'Great'],
];

describe('a story with a change set', () => {
  it('is made from the request when no feature owns it', () => {
    const { stories, epics } = write(canvasOf(), ...chat);
    expect(stories).toHaveLength(1);
    expect(stories[0]?.title).toBe('Write slugify(title) for our blog');
    expect(stories[0]?.changeSet?.edits.map((edit) => edit.position)).toEqual([3]);
    expect(stories[0]?.evidence).toEqual([0, 2, 4]);
    expect(epics).toEqual([{ key: stories[0]?.epicKey, title: 'Slugs for titles' }]);
  });

  it('belongs to the feature whose evidence holds the request, and to no other', () => {
    const { stories } = write(
      canvasOf({ text: 'Pictures in posts', evidence: [9] }, { text: 'Slugs for blog titles', priority: 'must' }),
      ...chat,
    );
    expect(stories.map((story) => [story.title, story.priority, story.changeSet === null])).toEqual([
      ['Add slugs for blog titles', 'must', false],
      ['Add pictures in posts', 'unstated', true],
    ]);
  });

  it('takes in what only its request and its corrections say', () => {
    const { stories } = write(
      canvasOf({ text: 'slugify titles' }, { text: 'cut slugs after 60 characters', evidence: [2] }),
      ...chat,
    );
    expect(stories).toHaveLength(1);
  });

  it('has criteria in the words of the person, corrections included', () => {
    const [story] = write(canvasOf(), ...chat).stories;
    expect(story?.criteria.map((criterion) => criterion.text)).toEqual([
      '`Hello World` becomes `hello-world`',
      'Accents should be removed',
      'An empty title gives `untitled`',
      'Cut slugs after 60 characters',
    ]);
    expect(story?.criteria[0]).toMatchObject({
      id: 'c1',
      given: [],
      when: ['the input is `Hello World`'],
      then: ['the result is `hello-world`'],
      evidence: [0],
    });
    expect(story?.criteria[3]?.evidence).toEqual([2]);
    expect(checkFeature(story?.gherkin ?? '')).toHaveLength(4);
  });

  it('has no criterion from a version that was turned down', () => {
    const [story] = write(canvasOf(), ...chat.slice(0, 4), ['You', 'No, revert that.']).stories;
    expect(story?.criteria.map((criterion) => criterion.text)).not.toContain('Cut slugs after 60 characters');
    expect(story?.changeSet?.edits.map((edit) => edit.position)).toEqual([1]);
  });

  it('takes its criteria from the tests when the request says little', () => {
    const tests =
      "import test from 'node:test';\ntest('joins words with dashes', () => {});\ntest(\"keeps digits\", () => {});";
    const [story] = write(
      canvasOf(),
      ['You', 'Write slugify'],
      ['Bot', 'Here:', file('src/slug.js', 'x'), file('test/slug.test.js', tests)],
    ).stories;
    expect(story?.criteria.map((criterion) => [criterion.text, criterion.evidence])).toEqual([
      ['joins words with dashes', [1]],
      ['keeps digits', [1]],
    ]);
  });

  it('is not written for code that was turned down when no feature asks for it', () => {
    expect(write(canvasOf(), ...chat.slice(0, 2), ['You', 'No, revert that.']).stories).toEqual([]);
  });

  it('is not written for a request that was taken back or put off', () => {
    expect(write(canvasOf({ status: 'removed', withdrawnBy: 4 }), ...chat).stories).toEqual([]);
    expect(write(canvasOf({ status: 'deferred', withdrawnBy: 4 }), ...chat).stories).toEqual([]);
  });

  it('waits for the story before it that touches the same file', () => {
    const { stories, waves, violations } = write(
      canvasOf(),
      ['You', 'Write a function slugify(title).'],
      ['Bot', 'Here:', file('src/text.js', 'a')],
      ['You', 'Now add a function truncate(text, length) to the same file.'],
      ['Bot', 'Here:', file('src/text.js', 'b')],
      ['You', 'Next, create a page that lists all posts.'],
      ['Bot', 'Here:', file('src/posts.js', 'c')],
    );
    const [first, page, second] = stories;
    expect(stories.map((story) => story.dependsOn)).toEqual([[], [], [first?.key]]);
    expect(waves).toEqual([[first?.key, page?.key], [second?.key]]);
    expect(violations).toEqual([]);
  });

  it('reads Gherkin that a person wrote', () => {
    const [story] = write(
      canvasOf(),
      [
        'You',
        'Write slugify.\n\nGiven a post\nWhen its title is empty\nThen its slug is "untitled"\nAnd nothing is logged',
      ],
      ['Bot', 'Here:', file('src/slug.js', 'x')],
    ).stories;
    expect(story?.criteria).toMatchObject([
      { given: ['a post'], when: ['its title is empty'], then: ['its slug is "untitled"', 'nothing is logged'] },
    ]);
  });
});

describe('a story without code', () => {
  it('keeps changeSet null and still has a criterion', () => {
    const { stories } = write(canvasOf({ text: 'Gantt chart of tasks', evidence: [0] }), [
      'Kim',
      'We want a Gantt chart of tasks.',
    ]);
    expect(stories).toHaveLength(1);
    expect(stories[0]).toMatchObject({ title: 'Add gantt chart of tasks', changeSet: null, evidence: [0] });
    expect(stories[0]?.criteria.length).toBeGreaterThan(0);
  });

  it('is never made of maybe, removed, deferred or unwanted features', () => {
    const canvas = canvasOf({ maybe: true }, { status: 'removed' }, { status: 'deferred' }, { priority: 'wont' });
    expect(write(canvas, ['Kim', 'Maybe slugs.']).stories).toEqual([]);
  });

  it('tells the user story that was told', () => {
    const [story] = write(canvasOf({ text: 'export my report as a PDF', persona: 'player' }), [
      'Kim',
      'As a player, I want to export my report as a PDF, so that I can print it.',
    ]).stories;
    expect(story?.narrative).toBe('As a player, I want export my report as a PDF, so that I can print it.');
  });

  it('stands in the epic of its persona when there are several', () => {
    const { epics, stories } = write(
      canvasOf({ persona: 'Editor' }, { text: 'see statistics', persona: 'Admin' }, { text: 'dark mode' }),
      ['Kim', 'So.'],
    );
    expect(epics.map((epic) => epic.title)).toEqual(['Editor', 'Admin', 'Slugs for titles']);
    expect(stories.map((story) => epics.find((epic) => epic.key === story.epicKey)?.title)).toEqual([
      'Editor',
      'Admin',
      'Slugs for titles',
    ]);
  });
});

it('keys and all else are the same each time, and titles are short whole words', () => {
  const long: Parameters<typeof talk> = [
    [
      'You',
      'Could you please write me a function which takes a very long and winding description of something and, depending on circumstances, shortens it?',
    ],
    ['Bot', 'Here:', file('src/a.js', 'x')],
  ];
  const once = write(canvasOf(), ...long);
  expect(write(canvasOf(), ...long)).toEqual(once);
  expect(once.stories[0]?.title).toBe('Write a function which takes a very long and winding');
});
