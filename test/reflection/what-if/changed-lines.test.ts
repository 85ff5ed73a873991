import { describe, expect, it } from 'vitest';
import { changedLines } from '#src/reflection/what-if/changed-lines.ts';

describe('what is other between two texts', () => {
  it.each([
    ['nothing', 'a\nb', 'a\nb', null],
    ['a line put in', 'a\nc', 'a\nb\nc', { gone: [], came: ['b'] }],
    ['a line taken out', 'a\nb\nc', 'a\nc', { gone: ['b'], came: [] }],
    ['a line replaced', 'a\nb\nc', 'a\nx\ny\nc', { gone: ['b'], came: ['x', 'y'] }],
    ['one of two that are alike', 'a\na', 'a\na\na', { gone: [], came: ['a'] }],
    ['everything', 'a', 'b', { gone: ['a'], came: ['b'] }],
    ['the end', 'a', 'a\nb', { gone: [], came: ['b'] }],
  ])('%s', (_what, then, now, lines) => {
    expect(changedLines(then, now)).toEqual(lines);
  });
});
