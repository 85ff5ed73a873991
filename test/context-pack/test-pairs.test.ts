import { expect, it } from 'vitest';
import { isTestPath, pairTests } from '#src/context-pack/test-pairs.ts';

it.each([
  ['src/a/word.ts', 'test/a/word.test.ts'],
  ['pkg/word.go', 'pkg/word_test.go'],
  ['shop/word.py', 'tests/test_word.py'],
  ['app/Word.java', 'app/WordTest.java'],
  ['lib/word.js', 'lib/__tests__/word.js'],
  ['lib/word.rb', 'spec/word_spec.rb'],
])('pairs %s with %s, both ways', (source, test) => {
  const pairs = pairTests([source, test, 'src/another.ts']);
  expect(pairs(source)).toEqual([test]);
  expect(pairs(test)).toEqual([source]);
});

it('prefers the pair that lies nearest', () => {
  const pairs = pairTests(['src/a/run.ts', 'src/b/run.ts', 'src/c/run.ts', 'test/b/run.test.ts']);
  expect(pairs('test/b/run.test.ts')[0]).toBe('src/b/run.ts');
});

it('knows a test by its folder or its name', () => {
  expect(['test/a.ts', 'src/a.spec.ts', 'latest/a.ts', 'src/contest.ts'].map(isTestPath)).toEqual([
    true,
    true,
    false,
    false,
  ]);
});
