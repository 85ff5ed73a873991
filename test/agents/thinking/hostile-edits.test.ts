import { describe, expect, it } from 'vitest';
import { editFile } from '#agents/thinking/tools/edit-file.ts';
import { repoPath } from '#agents/thinking/tools/repo-path.ts';
import type { Worktree } from '#agents/tools/worktree.ts';

const { signal } = new AbortController();

/** Editing one file whose text is given; nothing is run. */
function editing(text: string) {
  const workspace = { read: async () => Buffer.from(text), write: async () => {} };
  const tool = editFile({ workspace } as unknown as Worktree, () => null);
  return (old: string) => tool.run({ path: 'a.txt', old, new: 'x' }, signal);
}

describe('an edit that is made to take for ever', () => {
  // Without a bound each of these keeps the host busy for longer than a test may take.
  it('by text that occurs at every place is refused with the first places (A27)', async () => {
    const edit = editing('a'.repeat(1_000_000));
    await expect(edit('a'.repeat(199_000))).rejects.toThrow('occurs more than 10 times in a.txt');
  });

  it('by lines that nearly fit at every place is refused (A27)', async () => {
    const edit = editing('a\n'.repeat(20_000));
    await expect(edit(`${'a \n'.repeat(60_000)}b`)).rejects.toThrow('does not occur in a.txt');
  });
});

describe('a path of a model', () => {
  it.each([
    '.git/hooks/pre-commit',
    '.GIT/config',
    'sub/.git/config',
    '.git. /config',
    '.git::$INDEX_ALLOCATION/config',
    'git~1/config',
    '.g\u200cit/config',
    'a/../../../etc/passwd',
    '/etc/passwd',
    '~/.ssh/id_rsa',
    'C:\\windows',
    'a\\..\\b',
    'a\0b',
    'a\nb',
    'a\u202egnp.js',
    `${'a/'.repeat(600)}b`,
  ])('that leads elsewhere is refused: %j (A07, A08, A10, A13)', (path) => {
    expect(() => repoPath(path)).toThrow('was refused');
  });

  it.each(['-rf', '--upload-pack=x', '$(touch x).ts', '.gitignore', 'src/git.ts'])(
    'that only looks odd is a name: %j',
    (path) => {
      expect(repoPath(path)).toBe(path);
    },
  );
});
