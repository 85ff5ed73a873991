import fc from '#test/support/property.ts';
import { describe, expect, it } from 'vitest';
import { branchName, isFactoryBranch } from '#src/code-factory/branch-name.ts';

describe('branchName', () => {
  it.each([
    ['Add a greeting', 'factory/7-add-a-greeting'],
    ['  Größe & Straße: neu! ', 'factory/7-grosse-strasse-neu'],
    ['Café Łódź ÆØ', 'factory/7-cafe-lodz-aeo'],
    ["Don't break", 'factory/7-dont-break'],
    ['追加する', 'factory/7-task'],
    ['', 'factory/7-task'],
    ['--upload-pack=$(id)', 'factory/7-upload-pack-id'],
    ['../../main', 'factory/7-main'],
    ['x.lock', 'factory/7-x-lock'],
    ['word '.repeat(30), `factory/7-${'word-'.repeat(9)}word`],
    ['x'.repeat(100), `factory/7-${'x'.repeat(50)}`],
  ])('spells %j', (title, name) => {
    expect(branchName({ number: 7, title })).toBe(name);
  });

  it('always makes a name that the factory may push, at most 60 characters long', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary', maxLength: 200 }),
        fc.integer({ min: 1, max: 999_999_999 }),
        (title, number) => {
          const name = branchName({ number, title });
          expect(name.length).toBeLessThanOrEqual(60);
          expect(isFactoryBranch(name)).toBe(true);
        },
      ),
    );
  });

  it.each([0, -1, 1.5, Number.NaN, 1e9])('refuses the number %s', (number) => {
    expect(() => branchName({ number, title: 'x' })).toThrow(expect.objectContaining({ code: 'branch-refused' }));
  });
});

describe('isFactoryBranch', () => {
  it.each(['factory/1-x', 'factory/999999999-a-b-c', 'factory/12-2024-report'])('knows %j', (name) => {
    expect(isFactoryBranch(name)).toBe(true);
  });

  it.each([
    ...[
      'main',
      'factory',
      'factory/',
      'factory/1',
      'factory/1-',
      'factory/-x',
      'factory/0-x',
      'factory/01-x',
      'factory/x-1',
      'Factory/1-x',
    ],
    ...[
      'factory/1-X',
      'factory/1--x',
      'factory/1-x-',
      'factory/1-x/y',
      'factory/1-x..y',
      'factory/1-x@{1}',
      'factory/1-x.lock',
      'factory/1-x.',
    ],
    ...[
      'factory/1-x$(id)',
      'factory/1-x`id`',
      'factory/1-x;id',
      'factory/1-x y',
      'factory/1-x\u3000y',
      'factory/1-x\u202ey',
      'factory/1-x\u200by',
    ],
    ...[
      'factory/1-x\n',
      '\nfactory/1-x',
      'factory/1-x\0',
      '-factory/1-x',
      '--factory/1-x',
      '+factory/1-x',
      ':factory/1-x',
      'factory/1-x:main',
    ],
    ...['refs/heads/factory/1-x', 'factory/1-\uff58', 'factory/\u0661-x', 'factory/1-ſ', `factory/1-${'x'.repeat(51)}`],
  ])('refuses %j (A12)', (name) => {
    expect(isFactoryBranch(name)).toBe(false);
  });
});
