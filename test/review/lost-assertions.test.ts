import { describe, expect, it } from 'vitest';
import { noteLostAssertions } from '#src/review/lost-assertions.ts';
import { hunk } from './change.ts';

const PATH = 'test/add.test.js';
const note = (...lines: string[]) => noteLostAssertions(hunk(PATH, lines), (path) => path.startsWith('test/'));

describe('a test that asks for less', () => {
  it.each([
    ['takes an assertion away', ['-  expect(add(1, 2)).toBe(3);'], '1 assertion fewer than before.'],
    [
      'makes it a comment',
      ['-  expect(add(1, 2)).toBe(3);', '+  // expect(add(1, 2)).toBe(3);'],
      '1 assertion fewer than before.',
    ],
    [
      'takes a whole test away',
      ["-it('adds', () => {", '-  assert.equal(add(1, 2), 3);', '-});'],
      '1 test fewer and 1 assertion fewer than before.',
    ],
    [
      'is Python',
      ['-def test_adds():', '-    assert add(1, 2) == 3', '+    pass'],
      '1 test fewer and 1 assertion fewer than before.',
    ],
    ['is Go', ['-func TestAdd(t *testing.T) {', '-\tt.Fatal("no")'], '1 test fewer and 1 assertion fewer than before.'],
    ['is Rust', ['-    assert_eq!(add(1, 2), 3);', '-    assert!(ok);'], '2 assertions fewer than before.'],
    ['has CRLF lines', ['-  expect(1).toBe(1);\r'], '1 assertion fewer than before.'],
  ])('is told where it %s (A28)', (_what, lines, said) => {
    expect(note(...lines)).toEqual([`${PATH}: ${said}`]);
  });

  it('is told from one that is rewritten or grows', () => {
    expect(note('-  expect(add(1, 2)).toBe(3);', '+  expect(add(2, 2)).toBe(4);')).toEqual([]);
    expect(note("+it('adds', () => {", '+  expect(1).toBe(1);')).toEqual([]);
    expect(note('-// expect(1).toBe(1);')).toEqual([]);
  });

  it('is no matter of other files', () => {
    expect(noteLostAssertions(hunk('src/a.js', ['-assert(ok);']), () => false)).toEqual([]);
  });
});
