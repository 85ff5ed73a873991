import { execFileSync } from 'node:child_process';

/** A past commit as a task: what its message says, and which files of its parent it changed. */
export interface QualityCase {
  sha: string;
  parent: string;
  title: string;
  body: string;
  /** Files that were there before, with the old line ranges that it changed. */
  changed: ReadonlyMap<string, readonly (readonly [from: number, to: number])[]>;
}

const MAX_CASES = 60;
const MAX_SEARCHED = 1500;
const MAX_FILES = 12;

/**
 * The latest commits without merges that change 1 to 12 text files that were there. `isText` says for a parent whether
 * a file is one that a pack can show.
 */
export async function casesOf(
  folder: string,
  head: string,
  readable: (parent: string) => Promise<(path: string) => boolean>,
): Promise<QualityCase[]> {
  const git = (...args: string[]) =>
    execFileSync('git', ['-c', 'safe.directory=*', '-c', 'core.quotePath=false', ...args], {
      cwd: folder,
      encoding: 'utf8',
      maxBuffer: 500_000_000,
    });
  const listed = git('log', '--no-merges', `--max-count=${MAX_SEARCHED}`, '-z', '--format=%H%x01%P%x01%s%x01%b', head);
  const cases: QualityCase[] = [];
  for (const record of listed.split('\0')) {
    if (cases.length === MAX_CASES) break;
    const [sha = '', parent = '', title = '', body = ''] = record.trim().split('\x01');
    if (!/^[0-9a-f]{40}$/.test(parent)) continue;
    const names = git('diff', '--name-only', '-z', '--no-renames', '--diff-filter=MD', parent, sha)
      .split('\0')
      .filter(Boolean);
    if (names.length === 0 || names.length > 3 * MAX_FILES) continue;
    const canShow = await readable(parent);
    const files = names.filter(canShow);
    if (files.length === 0 || files.length > MAX_FILES) continue;
    const changed = new Map(
      files.map((path) => [path, oldRanges(git('diff', '--no-renames', '-U0', parent, sha, '--', path))]),
    );
    cases.push({ sha, parent, title, body: withoutTrailers(body), changed });
  }
  return cases;
}

/** An insertion touches the lines on both sides of it. */
function oldRanges(diff: string): [number, number][] {
  return [...diff.matchAll(/^@@ -(\d+)(?:,(\d+))? /gm)].map(([, start, count]) => {
    const from = Number(start);
    const lines = count === undefined ? 1 : Number(count);
    return lines === 0 ? [from, from + 1] : [from, from + lines - 1];
  });
}

function withoutTrailers(body: string): string {
  return body
    .split('\n')
    .filter((line) => !/^[A-Z][A-Za-z-]+-(by|id|to): /i.test(line))
    .join('\n')
    .trim();
}
