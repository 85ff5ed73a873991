import fc from '#test/support/property.ts';
import { describe, expect, it } from 'vitest';
import { checkFilePath } from '#src/intake/file-path.ts';

describe('checkFilePath accepts and normalises', () => {
  it.each([
    ['src/slug.js', 'src/slug.js'],
    ['./src//a/./b.ts', 'src/a/b.ts'],
    ['src\\win\\a.ts', 'src/win/a.ts'],
    ['Makefile', 'Makefile'],
    ['.github/workflows/ci.yml', '.github/workflows/ci.yml'],
    ['.gitignore', '.gitignore'],
    ['docs/.gitkeep', 'docs/.gitkeep'],
    ['app/[id]/(group)/page.tsx', 'app/[id]/(group)/page.tsx'],
    ['docs/übersicht.md', 'docs/übersicht.md'],
    ['src/-flag.js', 'src/-flag.js'],
    ['a'.repeat(255), 'a'.repeat(255)],
  ])('%s', (path, plain) => {
    expect(checkFilePath(path)).toEqual({ ok: true, path: plain });
  });
});

describe('checkFilePath refuses', () => {
  it.each([
    ['', 'empty'],
    ['  ', 'empty'],
    ['.', 'no file'],
    ['./', 'folder'],
    ['src/', 'folder'],
    ['/etc/passwd', 'absolute'],
    ['\\\\server\\share\\x', 'absolute'],
    ['C:\\x.txt', 'drive'],
    ['c:x.txt', 'drive'],
    ['~/x', 'home'],
    ['~root/x', 'home'],
    ['./~', 'home'],
    ['./~', 'home'],
    ['../x', 'climbs'],
    ['a/../../x', 'climbs'],
    ['a/..', 'climbs'],
    ['a\\..\\..\\x', 'climbs'],
    ['src/..\\..\\x', 'climbs'],
    ['.git/config', 'git'],
    ['.GIT/hooks/pre-commit', 'git'],
    ['sub/.Git/config', 'git'],
    ['.git', 'git'],
    ['.git /config', 'git'],
    ['.git./config', 'git'],
    ['git~1/config', 'git'],
    ['GIT~2/config', 'git'],
    ['a\\.git\\config', 'git'],
    ['.git. ./config', 'git'],
    ['.git::$INDEX_ALLOCATION/config', 'not every system'],
    ['a.txt:stream', 'not every system'],
    ['what?.js', 'not every system'],
    ['.g\u200cit/config', 'cannot be seen'],
    ['a\u202egnp.js', 'cannot be seen'],
    ['a\ufeff.js', 'cannot be seen'],
    ['a\nb', 'control'],
    ['a\u0000b', 'control'],
    ['a\u007fb', 'control'],
    ['a\ud800b', 'broken'],
    ['-rf', '"-"'],
    ['--output=x/y', '"-"'],
    ['./-rf', '"-"'],
    ['src/name ', 'space or a dot'],
    ['src/name.', 'space or a dot'],
    ['dir./x.js', 'space or a dot'],
    ['.../x', 'space or a dot'],
    ['a'.repeat(256), '255 bytes'],
    ['ü'.repeat(128), '255 bytes'],
    [`${'abcdefghi/'.repeat(100)}x`, '1000 bytes'],
  ])('%j: %s', (path, why) => {
    const verdict = checkFilePath(path);
    expect(verdict).toEqual({ ok: false, reason: expect.stringContaining(why) });
  });

  it('no accepted path leaves the folder, whatever it is made of', () => {
    const piece = fc.constantFrom(
      '..',
      '.',
      '.git',
      '.GIT',
      'git~1',
      'a',
      'b.js',
      '/',
      '\\',
      ' ',
      '-',
      ':',
      '\u200b',
      '.git ',
      '~',
      'C:',
    );
    fc.assert(
      fc.property(
        fc.array(piece, { maxLength: 8 }).map((pieces) => pieces.join('')),
        (path) => {
          const verdict = checkFilePath(path);
          if (!verdict.ok) return;
          expect(verdict.path).not.toMatch(/[\\:\u200b]/);
          for (const segment of verdict.path.split('/')) {
            expect(segment).not.toMatch(/^(?:|\.|\.\.|(?:\.git|git~\d)[. ]*)$/i);
          }
          expect(checkFilePath(verdict.path)).toEqual(verdict);
        },
      ),
      { numRuns: 2_000 },
    );
  });
});
