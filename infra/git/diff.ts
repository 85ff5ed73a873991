import { createHash } from 'node:crypto';
import { FactoryError } from '#src/errors.ts';
import type { DiffFacts } from '#src/ports/workspace.ts';
import { type Mirror, requireCommit } from './mirror.ts';
import { requireSha } from './ref-names.ts';
import { streamGit } from './run-git.ts';

/**
 * Everything that could make the bytes of a diff differ between two machines is spelled out, also what is git's
 * default today. Renames are off: they are guessed by likeness, the guess changes with git's version and limits, and
 * a rename shown as removed and added names both paths. A person gets the same bytes from
 * `git diff --binary --full-index --no-renames <merge base> <head>`.
 */
const FIXED = [
  ...['--no-color', '--no-ext-diff', '--no-textconv', '--no-renames', '--no-relative', '--diff-algorithm=myers'],
  ...['--no-indent-heuristic', '--unified=3', '--inter-hunk-context=0', '--src-prefix=a/', '--dst-prefix=b/'],
  ...['--submodule=short', '--ignore-submodules=none'],
];

export async function diffFacts(mirror: Mirror, baseSha: string, headSha: string): Promise<DiffFacts> {
  const mergeBaseSha = await mergeBaseOf(mirror, baseSha, headSha);
  const hash = createHash('sha256');
  await streamGit(mirror.call(['diff', '--binary', '--full-index', ...FIXED, mergeBaseSha, headSha, '--']), (chunk) => {
    hash.update(chunk);
    return true;
  });
  const raw = await mirror.text([
    'diff',
    '--raw',
    '--numstat',
    '-z',
    '--full-index',
    ...FIXED,
    mergeBaseSha,
    headSha,
    '--',
  ]);
  return { baseSha, mergeBaseSha, headSha, diffHash: hash.digest('hex'), files: filesOf(raw) };
}

/** Binary files are named, not shown. Cut at the last whole line within `maxBytes`. */
export async function diffText(
  mirror: Mirror,
  baseSha: string,
  headSha: string,
  maxBytes: number,
): Promise<{ text: string; truncated: boolean }> {
  const mergeBaseSha = await mergeBaseOf(mirror, baseSha, headSha);
  const chunks: Buffer[] = [];
  let bytes = 0;
  await streamGit(mirror.call(['diff', '--full-index', ...FIXED, mergeBaseSha, headSha, '--']), (chunk) => {
    chunks.push(chunk);
    bytes += chunk.length;
    return bytes <= maxBytes;
  });
  const whole = Buffer.concat(chunks);
  if (whole.length <= maxBytes) return { text: whole.toString('utf8'), truncated: false };
  const kept = whole.subarray(0, maxBytes);
  return { text: kept.subarray(0, kept.lastIndexOf('\n') + 1).toString('utf8'), truncated: true };
}

async function mergeBaseOf(mirror: Mirror, baseSha: string, headSha: string): Promise<string> {
  await requireCommit(mirror, requireSha(baseSha, 'The base'));
  await requireCommit(mirror, requireSha(headSha, 'The head'));
  const found = await mirror.run(['merge-base', baseSha, headSha]);
  if (found.exitCode !== 0) {
    throw new FactoryError(
      'no-common-history',
      `${headSha.slice(0, 12)} and ${baseSha.slice(0, 12)} share no history, so there is no change between them to show.`,
      {
        fix: 'Start the task again from the base branch.',
      },
    );
  }
  return found.stdout.toString('utf8').trim();
}

/** `--raw --numstat -z` prints all raw records first, then one count per file, in the same order. */
function filesOf(output: string): DiffFacts['files'] {
  const fields = output.split('\0');
  const raw = new Map<string, Pick<DiffFacts['files'][number], 'status' | 'modeBefore' | 'modeAfter'>>();
  const files: DiffFacts['files'] = [];
  for (let index = 0; index < fields.length; index += 1) {
    const field = fields[index] ?? '';
    const [, modeBefore, modeAfter, letter] = /^:(\d{6}) (\d{6}) [0-9a-f]+ [0-9a-f]+ ([A-Z])$/.exec(field) ?? [];
    if (modeBefore !== undefined && modeAfter !== undefined) {
      index += 1;
      const status = letter === 'A' ? 'added' : letter === 'D' ? 'deleted' : 'modified';
      raw.set(fields[index] ?? '', { status, modeBefore, modeAfter });
      continue;
    }
    const [, added, removed, path] = /^(\d+|-)\t(\d+|-)\t(.*)$/s.exec(field) ?? [];
    if (added === undefined || removed === undefined || path === undefined) continue;
    const binary = added === '-';
    files.push({
      path,
      ...(raw.get(path) ?? { status: 'modified', modeBefore: '100644', modeAfter: '100644' }),
      added: binary ? 0 : Number(added),
      removed: binary ? 0 : Number(removed),
      binary,
    });
  }
  return files;
}
