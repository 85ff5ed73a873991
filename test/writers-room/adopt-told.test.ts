import { describe, expect, it } from 'vitest';
import { extractCanvas } from '#src/inception/extract.ts';
import { findChangeSets } from '#src/writers-room/change-sets.ts';
import { writeStories } from '#src/writers-room/write-stories.ts';
import { file, talk } from './fixtures/talk.ts';

function write(...lines: Parameters<typeof talk>) {
  const { conversation, blocks } = talk(...lines);
  const { changeSets, emptied } = findChangeSets(conversation, blocks);
  return writeStories(conversation, extractCanvas(conversation), changeSets, emptied).stories;
}

const told: Parameters<typeof talk>[number] = [
  'You',
  'As an editor I want a clean address for every title, so that links keep working.',
];
const asked: Parameters<typeof talk>[number] = ['You', 'Please write a function slugify(title) in src/slug.js.'];
const given: Parameters<typeof talk>[number] = ['Bot', 'Here:', file('src/slug.js', 'export const slugify = 1;')];

describe('a user story and the request that follows up on it', () => {
  it('are one story with both evidences, in the words that were told', () => {
    const stories = write(told, ['Bot', 'What about accents?'], asked, given, ['You', 'Perfect, thanks.']);
    expect(stories).toHaveLength(1);
    expect(stories[0]).toMatchObject({
      title: 'Write slugify(title)',
      narrative: 'As an editor, I want a clean address for every title, so that links keep working.',
      evidence: [0, 2, 4],
    });
    expect(stories[0]?.changeSet?.requestPosition).toBe(2);
  });

  it('share their priority where the request has none', () => {
    const [story] = write(
      ['You', 'Must have: As an editor I want a clean address for every title, so that links keep working.'],
      ['Bot', 'Sure.'],
      asked,
      given,
    );
    expect(story?.priority).toBe('must');
  });

  it('are one as well when other things are open, if they speak of the same', () => {
    const stories = write(
      ['You', 'As an editor I want a clean address for every title. As a reader I want to print a recipe.'],
      ['Bot', 'Sure.'],
      ['You', 'Please write a function that makes the clean address of a title.'],
      given,
    );
    expect(stories.map((story) => [story.changeSet !== null, story.evidence])).toEqual([
      [false, [0]],
      [true, [0, 2]],
    ]);
  });

  it('are one by two shared words, the rules of the request included', () => {
    const stories = write(
      ['You', 'As an editor I want a clean address for every title. As a reader I want to print a recipe.'],
      ['Bot', 'Sure.'],
      ['You', 'Please write a function slugify(title) in src/slug.js. The address must be lower case.'],
      given,
    );
    expect(stories.map((story) => [story.title, story.evidence.includes(0)])).toEqual([
      ['Print a recipe', true],
      ['Write slugify(title)', true],
    ]);
  });

  it('stay apart when a later request says more of it', () => {
    const stories = write(
      told,
      ['Bot', 'Sure.'],
      asked,
      given,
      ['You', 'Great. Please also add a function urlOf(page) in src/url.js. It must give the clean address.'],
      ['Bot', 'Here:', file('src/url.js', 'export const urlOf = 1;')],
    );
    expect(stories.map((story) => story.changeSet === null)).toEqual([true, false, false]);
  });

  it('stay apart from a second telling that the same request would answer', () => {
    const stories = write(
      ['You', 'As an editor I want a short address for a title. As a reader I want a stable link to every recipe.'],
      ['Bot', 'Sure.'],
      ['You', 'Please write a function slugify(title) in src/slug.js. The short address must be a stable link.'],
      given,
    );
    expect(stories.map((story) => [story.changeSet === null, story.narrative.slice(0, 13)])).toEqual([
      [true, 'As a reader, '],
      [false, 'As an editor,'],
    ]);
  });

  it('stay apart when it was a wish and no user story', () => {
    const stories = write(['You', 'We need a clean address for every title.'], ['Bot', 'Sure.'], asked, given);
    expect(stories).toHaveLength(2);
  });

  it('stay apart when they share no word', () => {
    const stories = write(['You', 'As a player I want to see my statistics.'], ['Bot', 'Sure.'], asked, given);
    expect(stories.map((story) => [story.title, story.changeSet === null])).toEqual([
      ['See my statistics', true],
      ['Write slugify(title)', false],
    ]);
  });

  it('stay apart when one word is all they share and something else is open too', () => {
    const stories = write(
      ['You', 'As an editor I want a clean address for every title. As a reader I want to print a recipe.'],
      ['Bot', 'Sure.'],
      asked,
      given,
    );
    expect(stories.filter((story) => story.changeSet === null)).toHaveLength(2);
  });

  it('stay apart when the talk went on for long in between', () => {
    const between = Array.from(
      { length: 4 },
      (): Parameters<typeof talk> => [
        ['Bot', 'What do you think of the weather?'],
        ['You', 'It rains.'],
      ],
    ).flat();
    const stories = write(told, ...between, ['Bot', 'I see.'], asked, given);
    expect(stories.filter((story) => story.changeSet === null)).toHaveLength(1);
  });

  it('belong together only for the first request, not for a later one', () => {
    const stories = write(
      told,
      ['Bot', 'Sure.'],
      asked,
      given,
      ['You', 'Great. Please also add a function pageTitle(name) in src/page.js.'],
      ['Bot', 'Here:', file('src/page.js', 'export const pageTitle = 1;')],
    );
    expect(stories.map((story) => story.evidence.includes(0))).toEqual([true, false]);
  });
});

describe('a request that only points', () => {
  it('is for what was asked just before', () => {
    const stories = write(
      ['You', 'We need a dark mode toggle on the settings page.'],
      ['Bot', 'I would keep the choice in localStorage.'],
      ['You', 'Okay, please write it.'],
      ['Bot', 'Here:', file('src/toggle.js', 'export const toggle = 1;')],
    );
    expect(stories).toHaveLength(1);
    expect(stories[0]?.title).toBe('Add a dark mode toggle on the settings page');
    expect(stories[0]?.changeSet).not.toBeNull();
  });
});

describe('code that is handed over without a word on what it is for', () => {
  it('answers what was told last before it', () => {
    const stories = write(
      ['You', 'As a driver author I want to read bytes back out of the buffer.'],
      ['Kim', 'As a firmware author I want an error when the buffer is empty.'],
      ['You', 'Agreed.'],
      ['Kim', 'Here is the change, I tried it on my desk.', file('ring.c', 'int ring_pop;')],
      ['You', 'Great, take it.'],
    );
    const coded = stories.filter((story) => story.changeSet !== null);
    expect(coded).toHaveLength(1);
    expect(coded[0]?.title).toContain('error');
    expect(coded[0]?.evidence).toContain(1);
  });

  it('has the name of its file where nothing was told', () => {
    const stories = write(['Kim', 'Here is the change, I tried it on my desk.', file('ring.c', 'int ring_pop;')]);
    expect(stories.map((story) => story.title)).toEqual(['Bring in ring.c']);
  });
});
