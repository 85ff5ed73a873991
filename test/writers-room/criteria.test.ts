import { describe, expect, it } from 'vitest';
import { findCriteria } from '#src/writers-room/criteria.ts';

function read(prose: string): string[] {
  return findCriteria(prose, prose, 3).map(({ given, when, then }) =>
    [given.join(' & '), when.join(' & '), then.join(' & ')].join(' | '),
  );
}

describe('findCriteria', () => {
  it.each([
    ['`Hello World` becomes `hello-world`.', ' | the input is `Hello World` | the result is `hello-world`'],
    ['"a b" should return "a-b"', ' | the input is "a b" | the result is "a-b"'],
    ['empty title → untitled', ' | the input is empty title | the result is untitled'],
    ['slugify("A B") returns "a-b"', ' | slugify("A B") is called | the result is "a-b"'],
    ['It returns null for missing titles.', ' | the input is missing titles | the result is null'],
    ['If the title is empty, the slug is untitled.', ' | the title is empty | the slug is untitled'],
    ['It must warn when the oven is full.', ' | the oven is full | It must warn'],
    ['Titles must not end with a dash.', ' |  | Titles must not end with a dash'],
    [
      'Given a post, when its title is empty, then its slug is untitled',
      'a post | its title is empty | its slug is untitled',
    ],
    ['Can you also handle empty strings?', ' |  | handle empty strings'],
  ])('reads %s', (prose, expected) => {
    expect(read(prose).map((line) => line.replace('| Handle', '| handle'))).toEqual([expected]);
  });

  it('reads each thing that a function is said to do', () => {
    expect(
      read('Write a function slugify(title) that lowercases, replaces spaces with dashes and strips accents.'),
    ).toEqual([' |  | It lowercases', ' |  | It replaces spaces with dashes', ' |  | It strips accents']);
  });

  it('reads bullets and several examples in one sentence', () => {
    expect(read('Rules:\n- no trailing dashes\n- digits stay')).toHaveLength(2);
    expect(read('`A` becomes `a`, accents are stripped, and `B C` becomes `b-c`.')).toEqual([
      ' | the input is `A` | the result is `a`',
      ' | the input is `B C` | the result is `b-c`',
      ' |  | accents are stripped',
    ]);
  });

  it('turns the fault that a complaint describes around', () => {
    expect(read('It keeps trailing dashes: `Hello!` gives `hello-`. That should not happen.')).toEqual([
      ' |  | this no longer happens: It keeps trailing dashes: `Hello!` gives `hello-`',
    ]);
  });

  it('reads nothing into questions, withdrawals and plain talk', () => {
    expect(read('What is a slug?')).toEqual([]);
    expect(read("Let's drop the dashes.")).toEqual([]);
    expect(read('Thanks, see you.')).toEqual([]);
  });

  it('says everything once and names its message', () => {
    const [only, ...others] = findCriteria(
      'Titles must be short. Titles must be short.',
      'Titles must be short. Titles must be short.',
      3,
    );
    expect(others).toEqual([]);
    expect(only).toMatchObject({ text: 'Titles must be short', evidence: [3] });
  });
});
