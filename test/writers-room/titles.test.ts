import { describe, expect, it } from 'vitest';
import { createTitle } from '#src/writers-room/titles.ts';

describe('createTitle', () => {
  it.each([
    ['A clean address for every title', 'Add a clean address for every title'],
    ['Pictures in posts', 'Add pictures in posts'],
    ['Could you please write a function `slugify(title)`?', 'Write slugify(title)'],
    ['Write a Python function called parse_row that splits', 'Write parse_row that splits'],
    ['Create a new helper function formatPrice(cents)', 'Create formatPrice(cents)'],
    ['Write me a function slugify(title), with tests', 'Write slugify(title)'],
    ['Accents should be removed', 'Accents should be removed'],
    ['Write a function', 'Write a function'],
    ['Round to two decimals, half up', 'Round to two decimals, half up'],
    ["I'd like formatBytes to give KB and MB", 'Make formatBytes give KB and MB'],
    ['Our greeter speaks only English', 'Our greeter speaks only English'],
    ['', 'Change from the conversation'],
  ])('of %j is %j', (text, title) => {
    expect(createTitle(text)).toBe(title);
  });

  it.each([
    ['Write a function slugify(title) in src/slug.js', ['src/slug.js'], 'Write slugify(title)'],
    ['Write slugify(title) in the file slug.js that trims', ['src/slug.js'], 'Write slugify(title) that trims'],
    [
      'Create a command cmd/roman/main.go that reads a number',
      ['cmd/roman/main.go'],
      'Create a command that reads a number',
    ],
    ['Add a banner to src/app.js', ['src/other.js'], 'Add a banner to src/app.js'],
    ['Write src/slug.js', ['src/slug.js'], 'Write src/slug.js'],
    ['Write it in src/slug.js', ['src/slug.js'], 'Write it in src/slug.js'],
    ['Put slugify(title) in src/slug.json', ['src/slug.js'], 'Put slugify(title) in src/slug.json'],
  ])('of %j leaves out what stands beside it: %j', (text, paths, title) => {
    expect(createTitle(text, paths)).toBe(title);
  });

  it('is at most 60 characters of whole words, and never only "Write a function"', () => {
    const text = 'Write me a function which takes a very long and winding description of something and shortens it';
    const title = createTitle(text);
    expect(title.length).toBeLessThanOrEqual(60);
    expect(title).toBe('Write a function which takes a very long and winding');
  });
});
