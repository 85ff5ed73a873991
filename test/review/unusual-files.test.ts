import { describe, expect, it } from 'vitest';
import { noteUnusualFiles } from '#src/review/unusual-files.ts';
import { change, changed, hunk } from './change.ts';

const note = (before: string, after: string) =>
  noteUnusualFiles(
    change(
      changed('x', {
        status: before === '000000' ? 'added' : after === '000000' ? 'deleted' : 'modified',
        modeBefore: before,
        modeAfter: after,
      }),
    ),
    [],
  ).join(' ');

describe('what the lines of a diff do not show', () => {
  it.each([
    ['000000', '120000', 'x: a symbolic link.'],
    ['100644', '120000', 'x: a symbolic link in place of a file.'],
    ['120000', '120000', 'x: a symbolic link that leads elsewhere now.'],
    ['120000', '100644', 'x: was a symbolic link.'],
    ['000000', '160000', 'x: a submodule: it brings code of another repository, which the diff does not show.'],
    ['160000', '160000', 'x: a submodule: it brings code of another repository, which the diff does not show.'],
    ['160000', '000000', 'x: was a submodule.'],
    ['100644', '100755', 'x: may be run as a program now.'],
    ['000000', '100755', 'x: new, and may be run as a program.'],
  ])('is told: %s to %s (A10, C23)', (before, after, said) => {
    expect(note(before, after)).toBe(said);
  });

  it.each([
    ['100644', '100644'],
    ['100755', '100755'],
    ['100755', '100644'],
    ['100755', '000000'],
    ['120000', '000000'],
  ])('is nothing where the diff shows it all: %s to %s', (before, after) => {
    expect(note(before, after)).toBe('');
  });

  it('is told of a pointer to a large file, not of a text about one', () => {
    const pointer = hunk('model.bin', ['+version https://git-lfs.github.com/spec/v1\r', '+oid sha256:00', '+size 12']);
    expect(noteUnusualFiles(change('model.bin'), pointer)).toEqual([
      'model.bin: stands for a large file (Git LFS), which the diff does not show.',
    ]);
    const text = hunk('README.md', ['+A pointer begins with `version https://git-lfs.github.com/spec/v1`.']);
    expect(noteUnusualFiles(change('README.md'), text)).toEqual([]);
  });
});
