import { describe, expect, it } from 'vitest';
import { isOnGitHub, pathOf, repositoryAt } from '#infra/forge/github/repository-name.ts';

describe('the name of a repository on GitHub', () => {
  it('is read from its path and written as one', () => {
    expect(repositoryAt('github:octo-org/hello.world_2')).toEqual({ owner: 'octo-org', name: 'hello.world_2' });
    expect(pathOf({ owner: 'octo-org', name: 'hello' })).toBe('github:octo-org/hello');
    expect(isOnGitHub('github:octo-org/hello')).toBe(true);
    expect(isOnGitHub('/srv/github:octo-org/hello')).toBe(false);
  });

  it.each([
    ['a folder', '/srv/hello'],
    ['no owner', 'github:/hello'],
    ['no name', 'github:octo-org/'],
    ['a way up (A12)', 'github:octo-org/..'],
    ['a deeper path', 'github:octo-org/hello/pulls'],
    ['an address', 'github:https://github.com/octo-org/hello'],
    ['a login in it', 'github:user:pass@octo-org/hello'],
    ['a question', 'github:octo-org/hello?x'],
    ['an option (A11)', 'github:--upload-pack/hello'],
    ['a line break', 'github:octo-org/hello\n'],
    ['letters that look alike', 'github:octо-org/hello'],
  ])('is not %s', (_what, path) => {
    expect(() => repositoryAt(path)).toThrow(/names no repository on GitHub/);
  });
});
