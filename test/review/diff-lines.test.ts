import { describe, expect, it } from 'vitest';
import { readDiffLines } from '#src/review/diff-lines.ts';

describe('the lines of a diff', () => {
  it('are told by file, with their numbers', () => {
    const text = [
      'diff --git a/a.txt b/a.txt',
      '--- a/a.txt',
      '+++ b/a.txt',
      '@@ -3,3 +3,3 @@ head',
      ' three',
      '-four',
      '+vier',
      ' five',
      '@@ -20 +20,0 @@',
      '-last\r',
      '\\ No newline at end of file',
      '--- a/gone.txt',
      '+++ /dev/null',
      '@@ -1 +0,0 @@',
      '-gone',
      '',
    ].join('\n');
    expect(readDiffLines(text)).toEqual([
      {
        path: 'a.txt',
        removed: [
          { line: 4, text: 'four' },
          { line: 20, text: 'last' },
        ],
        added: [{ line: 4, text: 'vier' }],
      },
      { path: 'gone.txt', removed: [{ line: 1, text: 'gone' }], added: [] },
    ]);
  });

  it('cannot pass for the name of another file, whatever a file holds (A28)', () => {
    const text = '--- a/t.js\n+++ b/t.js\n@@ -1,2 +1,3 @@\n--- a/b.js\n+++ b/docs.md\n+it.skip()\n first\n';
    expect(readDiffLines(text)).toEqual([
      {
        path: 't.js',
        removed: [{ line: 1, text: '-- a/b.js' }],
        added: [
          { line: 1, text: '++ b/docs.md' },
          { line: 2, text: 'it.skip()' },
        ],
      },
    ]);
  });

  it.each([
    ['+++ b/two words.txt\t', 'two words.txt'],
    ['+++ "b/na\\303\\257ve \\"x\\".txt"', 'naïve "x".txt'],
    ['+++ "b/a\\nb\\\\c"', 'a\nb\\c'],
  ])('have a name, however git writes it: %s (A13)', (header, path) => {
    const [file] = readDiffLines(`--- /dev/null\n${header}\n@@ -0,0 +1 @@\n+x\n`);
    expect(file?.path).toBe(path);
  });

  it('are whole also where the text was cut, and none where there is no hunk', () => {
    expect(readDiffLines('--- a/a\n+++ b/a\n@@ -1,900 +1,900 @@\n+one\n')).toMatchObject([
      { added: [{ text: 'one' }] },
    ]);
    expect(readDiffLines('diff --git a/x b/x\nBinary files a/x and b/x differ\n')).toEqual([]);
    expect(readDiffLines('')).toEqual([]);
  });
});
