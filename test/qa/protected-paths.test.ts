import { describe, expect, it } from 'vitest';
import { builtInProtectedPaths, matchesProtected, protectingPattern } from '#src/qa/protected-paths.ts';

describe('protected paths', () => {
  it.each([
    ['docs/**', 'docs/a/b.md', true],
    ['docs/**', 'docs', false],
    ['docs/**', 'src/docs/a', false],
    ['docs/', 'docs/a', true],
    ['docs/', 'x/docs/a', true],
    ['docs/', 'docs', false],
    ['/docs', 'docs/a', true],
    ['/docs', 'x/docs', false],
    ['*.lock', 'a/b/yarn.lock', true],
    ['*.lock', 'yarn.lock.txt', false],
    ['src/*.ts', 'src/a.ts', true],
    ['src/*.ts', 'src/a/b.ts', false],
    ['src/**/gen/*', 'src/gen/a', true],
    ['src/**/gen/*', 'src/a/b/gen/c', true],
    ['**', 'anything/at/all', true],
    ['**/secret', 'secret', true],
    ['a*c*e', 'abcde', true],
    ['a*c*e', 'abcd', false],
    ['.github/**', '.GitHub/Workflows/x.yml', true],
    ['docs/**', './docs//a', true],
    ['docs/**', 'docs\\a', true],
    ['', 'a', false],
    ['nothing', '../a', true],
    ['nothing', 'a/../../b', true],
  ])('%j on %j: %s', (pattern, path, expected) => {
    expect(matchesProtected(path, [pattern])).toBe(expected);
  });

  it.each([
    'factory.yaml',
    'factory/rules.md',
    '.github/workflows/ci.yml',
    '.gitlab-ci.yml',
    '.circleci/config.yml',
    '.husky/pre-commit',
    '.npmrc',
    'packages/a/.npmrc',
    '.gitmodules',
    'sub/.gitattributes',
    '.vscode/settings.json',
    '.claude/settings.json',
    '.mcp.json',
    'CODEOWNERS',
    'docs/CODEOWNERS',
  ])('protects %s by itself', (path) => {
    expect(protectingPattern(path, builtInProtectedPaths)).not.toBeNull();
  });

  it.each(['src/factory.ts', 'lib/factory/index.js', 'package.json', 'test/a.test.js', 'README.md', 'github/x'])(
    'leaves %s alone',
    (path) => {
      expect(protectingPattern(path, builtInProtectedPaths)).toBeNull();
    },
  );

  it('is not slowed down by a pattern made for it', () => {
    expect(matchesProtected(`${'a/'.repeat(2000)}b`, [`${'**/a/'.repeat(30)}c`, `${'*a'.repeat(100)}`])).toBe(false);
  });
});
