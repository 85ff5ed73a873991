import type { DiffFacts } from '#src/ports/workspace.ts';
import type { FileLines } from './diff-lines.ts';

const EXECUTABLE = '100755';
const LINK = '120000';
const SUBMODULE = '160000';
/** First line of a pointer file; Git LFS specification, "The Pointer". */
const LFS_POINTER = 'version https://git-lfs.github.com/spec/v1';

/** What the lines of a diff do not show: links, submodules, files that may be run now, and pointers to large files. */
export function noteUnusualFiles(facts: DiffFacts, files: readonly FileLines[]): string[] {
  const pointers = new Set(
    files.filter(({ added }) => added.some(({ text }) => text.trim() === LFS_POINTER)).map(({ path }) => path),
  );
  return facts.files.flatMap(({ path, status, modeBefore, modeAfter }) => {
    const notes: string[] = [];
    if (modeAfter === LINK)
      notes.push(
        modeBefore === LINK
          ? 'a symbolic link that leads elsewhere now'
          : `a symbolic link${status === 'modified' ? ' in place of a file' : ''}`,
      );
    if (modeAfter === SUBMODULE)
      notes.push('a submodule: it brings code of another repository, which the diff does not show');
    if (modeBefore === LINK && modeAfter !== LINK && status !== 'deleted') notes.push('was a symbolic link');
    if (modeBefore === SUBMODULE && modeAfter !== SUBMODULE) notes.push('was a submodule');
    if (modeAfter === EXECUTABLE && modeBefore !== EXECUTABLE)
      notes.push(status === 'added' ? 'new, and may be run as a program' : 'may be run as a program now');
    if (pointers.has(path)) notes.push('stands for a large file (Git LFS), which the diff does not show');
    return notes.map((note) => `${path}: ${note}.`);
  });
}
