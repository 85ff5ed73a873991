import { describe, expect, test } from 'vitest';
import { unquotePath } from '#bots/room/diff/git-path.ts';
import { parseDiff } from '#bots/room/diff/parse.ts';
import { changedFiles } from './fake-diff.ts';

describe('a diff', () => {
  const files = parseDiff(changedFiles);

  test('has its files, with what happened to each', () => {
    expect(
      files.map(({ path, kind, binary, modeChange, movedFrom }) => ({ path, kind, binary, modeChange, movedFrom })),
    ).toEqual([
      { path: 'src/slug.js', kind: 'changed', binary: false, modeChange: null, movedFrom: null },
      { path: 'test/slug.test.js', kind: 'new', binary: false, modeChange: null, movedFrom: null },
      { path: 'run.sh', kind: 'changed', binary: false, modeChange: '100644 → 100755', movedFrom: null },
      { path: 'docs/new name.md', kind: 'moved', binary: false, modeChange: null, movedFrom: 'old name.md' },
      { path: 'café.txt', kind: 'deleted', binary: false, modeChange: null, movedFrom: null },
      { path: 'logo.png', kind: 'changed', binary: true, modeChange: null, movedFrom: null },
    ]);
  });

  test('is read by its line counts: lines that look like headers are lines', () => {
    const lines = files[0]?.hunks[0]?.lines ?? [];
    expect(
      lines.filter((line) => line.text.includes('not-a-header')).map(({ kind, text }) => ({ kind, text })),
    ).toEqual([
      { kind: 'removed', text: '-- a/not-a-header' },
      { kind: 'added', text: '++ b/not-a-header either' },
    ]);
    expect(files[0]).toMatchObject({ added: 5, removed: 2 });
    expect(lines.at(-1)).toMatchObject({ kind: 'remark' });
  });

  test('numbers lines on both sides', () => {
    const same = files[0]?.hunks[0]?.lines.filter((line) => line.kind === 'same') ?? [];
    expect(same.map((line) => [line.before, line.after])).toEqual([
      [1, 1],
      [3, 6],
      [4, 7],
      [6, 9],
    ]);
  });

  test('keeps carriage returns, and lines that lost their space', () => {
    const [file] = parseDiff('diff --git a/x b/x\n--- a/x\n+++ b/x\n@@ -1,2 +1,2 @@\n\n-a\r\n+b\r\n');
    expect(file?.hunks[0]?.lines.map((line) => line.text)).toEqual(['', 'a\r', 'b\r']);
  });

  test('ends a hunk where its header says, whatever follows', () => {
    const [file] = parseDiff('diff --git a/x b/x\n--- a/x\n+++ b/x\n@@ -1 +1 @@\n-a\n+b\n-- \n+++ c\n');
    expect(file).toMatchObject({ added: 1, removed: 1, path: 'x' });
  });

  test('cut in the middle of a hunk ends there', () => {
    const [file] = parseDiff('diff --git a/x b/x\n--- a/x\n+++ b/x\n@@ -1,50 +1,50 @@\n-a\n+b');
    expect(file).toMatchObject({ added: 1, removed: 1 });
  });

  test('with a new file header inside a hunk that is too short starts the file', () => {
    const files = parseDiff(
      'diff --git a/x b/x\n--- a/x\n+++ b/x\n@@ -1,9 +1,9 @@\n-a\ndiff --git a/y b/y\n--- a/y\n+++ b/y\n@@ -1 +1 @@\n-c\n+d\n',
    );
    expect(files.map((file) => file.path)).toEqual(['x', 'y']);
  });

  test.each(['', 'nonsense', '@@ -1 +1 @@\n+x'])('of %j has no files', (text) => {
    expect(parseDiff(text)).toEqual([]);
  });

  test('of a name with " b/" in it keeps the name', () => {
    expect(parseDiff('diff --git a/a b/c.txt b/a b/c.txt\nold mode 100644\nnew mode 100755\n')[0]?.path).toBe(
      'a b/c.txt',
    );
  });
});

test.each([
  ['plain.txt', 'plain.txt'],
  ['"tab\\there"', 'tab\there'],
  ['"\\303\\251"', 'é'],
  ['"quote \\" and \\\\"', 'quote " and \\'],
  ['"', '"'],
])('git writes %s for a path', (written, path) => {
  expect(unquotePath(written)).toBe(path);
});
