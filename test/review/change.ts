import type { DiffFacts } from '#src/ports/workspace.ts';
import { readDiffLines } from '#src/review/diff-lines.ts';

export type ChangedFile = DiffFacts['files'][number];

/** One file of a change, a plain edit unless said otherwise. */
export function changed(path: string, more: Partial<ChangedFile> = {}): ChangedFile {
  const status = more.status ?? 'modified';
  return {
    path,
    status,
    added: 1,
    removed: 1,
    binary: false,
    modeBefore: status === 'added' ? '000000' : '100644',
    modeAfter: status === 'deleted' ? '000000' : '100644',
    ...more,
  };
}

export function change(...files: (ChangedFile | string)[]): DiffFacts {
  return {
    baseSha: 'b',
    mergeBaseSha: 'b',
    headSha: 'h',
    diffHash: 'd',
    files: files.map((file) => (typeof file === 'string' ? changed(file) : file)),
  };
}

/** The lines of one hunk of one file, from line `at` on. */
export function hunk(path: string, lines: readonly string[], at = 1) {
  const count = (sign: string) => lines.filter((line) => line.startsWith(sign) || line.startsWith(' ')).length;
  const head = `@@ -${at},${count('-')} +${at},${count('+')} @@`;
  return readDiffLines([`--- a/${path}`, `+++ b/${path}`, head, ...lines, ''].join('\n'));
}
