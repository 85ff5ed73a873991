import { git } from './run-git.ts';

export interface ChangedFile {
  path: string;
  previousPath: string | null;
  status: 'added' | 'removed' | 'modified' | 'renamed';
  /** 0 for binary files. */
  additions: number;
  deletions: number;
  blobSha: string;
  /** Absent for binary files, and for what is too large to show. */
  patch: string | null;
}

/** A patch longer than so many characters is left out, as GitHub leaves out what it calls too large. */
const PATCH_LIMIT_CHARS = 100_000;
const LETTERS = { A: 'added', D: 'removed', R: 'renamed' } as const;

/** What changed from one commit to another. */
export async function readChanges(folder: string, from: string, to: string): Promise<ChangedFile[]> {
  const raw = await git(folder, ['diff', '--raw', '-z', '--find-renames', '--no-abbrev', from, to, '--']);
  const counts = await readCounts(folder, from, to);
  const fields = raw.split('\0');
  const files: ChangedFile[] = [];
  for (let at = 0; fields[at]?.startsWith(':') === true; ) {
    const [, , oldBlob = '', newBlob = '', letter = 'M'] = (fields[at] ?? '').slice(1).split(' ');
    const isRename = letter.startsWith('R');
    const first = fields[at + 1] ?? '';
    const path = isRename ? (fields[at + 2] ?? '') : first;
    at += isRename ? 3 : 2;
    const count = counts.get(path);
    files.push({
      path,
      previousPath: isRename ? first : null,
      status: LETTERS[letter.charAt(0) as keyof typeof LETTERS] ?? 'modified',
      additions: count?.additions ?? 0,
      deletions: count?.deletions ?? 0,
      blobSha: letter === 'D' ? oldBlob : newBlob,
      patch: count === undefined ? null : await readPatch(folder, from, to, isRename ? [first, path] : [path]),
    });
  }
  return files;
}

/** Lines added and taken away by path; binary files are not in it. */
export async function readCounts(
  folder: string,
  from: string,
  to: string,
): Promise<Map<string, { additions: number; deletions: number }>> {
  const text = await git(folder, ['diff', '--numstat', '-z', '--find-renames', from, to, '--']);
  const counts = new Map<string, { additions: number; deletions: number }>();
  const fields = text.split('\0');
  for (let at = 0; at < fields.length - 1; ) {
    const [additions = '', deletions = '', path = ''] = (fields[at] ?? '').split('\t');
    const isRename = path === '';
    const name = isRename ? (fields[at + 2] ?? '') : path;
    at += isRename ? 3 : 1;
    if (additions !== '-') counts.set(name, { additions: Number(additions), deletions: Number(deletions) });
  }
  return counts;
}

async function readPatch(folder: string, from: string, to: string, paths: readonly string[]): Promise<string | null> {
  const whole = await git(folder, ['diff', '--find-renames', from, to, '--', ...paths]);
  const start = whole.indexOf('\n@@');
  return start < 0 || whole.length > PATCH_LIMIT_CHARS ? null : whole.slice(start + 1);
}
