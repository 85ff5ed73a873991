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

  it.each([
    [
      'a rule with its example as one',
      'Accents must be dropped, so "Crème brûlée" becomes "creme-brulee".',
      ['Accents must be dropped, so "Crème brûlée" becomes "creme-brulee"'],
    ],
    ['the quotes of an example', '“Crème” becomes “creme”.', ['“Crème” becomes “creme”']],
    ['the spaces inside quotes', 'slugify("A  B") should return "a-b".', ['slugify("A  B") should return "a-b"']],
    ['arrows in a comment', 'slugify("A B") // => "a-b"', ['slugify("A B") => "a-b"']],
    ['lists as results', 'chunk([1, 2, 3], 2) returns [[1, 2], [3]]', ['chunk([1, 2, 3], 2) returns [[1, 2], [3]]']],
    [
      'several duties in one sentence',
      'It should use two decimals, should put a euro sign in front, and negative amounts should be in brackets.',
      ['It should use two decimals', 'It should put a euro sign in front', 'Negative amounts should be in brackets'],
    ],
    [
      'duties behind a semicolon',
      'The toggle must be in the header; the choice should survive a reload.',
      ['The toggle must be in the header', 'The choice should survive a reload'],
    ],
    [
      'a list behind an order',
      'Add validation: email must contain an @, password at least 8 characters, name is required.',
      ['Email must contain an @', 'Password at least 8 characters', 'Name is required'],
    ],
    [
      'cases behind an order',
      'Write clamp(n, lo, hi): returns lo when n is below lo, hi when n is above hi, otherwise n.',
      ['It returns lo when n is below lo', 'It returns hi when n is above hi', 'Otherwise it returns n'],
    ],
    [
      'what is said of the asked-for thing',
      'I need a component Stars. It shows five stars. The first stars are filled. Empty cells count as 0.',
      ['It shows five stars', 'The first stars are filled', 'Empty cells count as 0'],
    ],
    [
      'an order put as a question',
      'Can you write a script that reads a file and prints the sum of each column?',
      ['It reads a file', 'It prints the sum of each column'],
    ],
    [
      'halves that say nothing alone as one',
      'Create a script that reads a number and prints it.',
      ['It reads a number and prints it'],
    ],
    [
      'Gherkin in one bullet, whatever its words would mean alone',
      '- **Given** a cart **when** I remove one thing **then** the total is updated',
      ['Given a cart when I remove one thing then the total is updated'],
    ],
    ['numbered lists', 'Rules:\n1. No trailing dashes.\n2) Digits stay.', ['No trailing dashes', 'Digits stay']],
    ['what raises', 'Examples:\n- "" → raises ValueError', ['"" → raises ValueError']],
    ['what is not allowed', 'GET returns a list. POST is not allowed.', ['POST is not allowed']],
  ])('keeps %s', (_, prose, expected) => {
    expect(findCriteria(prose, prose, 3).map((criterion) => criterion.text)).toEqual(expected);
  });

  it('reads the rows of a table of examples, and no other table', () => {
    const table = (head: string) =>
      `Write truncate:\n\n| ${head} |\n|---|:--|---|\n| hello world | 5 | hell… |\n| hi | 5 | hi |`;
    expect(read(table('text | max | result'))).toEqual([
      ' | text is hello world & max is 5 | result is hell…',
      ' | text is hi & max is 5 | result is hi',
    ]);
    expect(read(table('name | age | city'))).toEqual([]);
  });

  it('takes from a fault what should be, never what is', () => {
    expect(read("It's broken: slugify('A  B') gives 'a--b' but it should give 'a-b'.")).toEqual([
      " | slugify('A  B') is called | the result is 'a-b'",
    ]);
    expect(read('`A` returns `a-` instead of `a`.')).toEqual([' | the input is `A` | the result is `a`']);
  });

  it('reads the error of a pasted stack trace', () => {
    const prose = 'I get this when a line is missing:';
    const trace = "```\nTypeError: Cannot read 'split'\n    at parseRow (src/csv.js:1:38)\n```";
    expect(findCriteria(`${prose}\n\n${trace}`, prose, 3)).toMatchObject([
      { text: "No longer when a line is missing: TypeError: Cannot read 'split'", when: ['a line is missing'] },
    ]);
    expect(
      findCriteria('It should throw.\n\n```\nTypeError: no\n```', 'It should throw nothing else.', 3),
    ).toHaveLength(1);
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
