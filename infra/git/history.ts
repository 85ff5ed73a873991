import type { PastCommit } from '#src/ports/workspace.ts';
import { type Mirror, requireCommit } from './mirror.ts';

/** See `Workspace.history`. */
export async function historyOf(
  mirror: Mirror,
  sha: string,
  { maxCommits }: { maxCommits: number },
): Promise<PastCommit[]> {
  await requireCommit(mirror, sha);
  const listed = await mirror.text([
    'log',
    '-z',
    `--max-count=${maxCommits}`,
    '--name-only',
    '--cc', // a plain log shows no paths of a merge; all that this shows were changed by the merge itself
    '--no-renames',
    '--no-ext-diff',
    '--no-textconv',
    '--no-show-signature',
    '--no-notes',
    '--format=%H%x09%ct%x09%s',
    sha,
  ]);
  const commits: (PastCommit & { paths: string[] })[] = [];
  for (const field of listed.split('\0')) {
    const [, id, seconds, title = ''] = /^([0-9a-f]{40})\t(\d+)\t(.*)$/s.exec(field) ?? [];
    // A line break parts a commit's title from its first path.
    if (id === undefined) commits.at(-1)?.paths.push(...[field.replace(/^\n/, '')].filter(Boolean));
    else commits.push({ sha: id, at: new Date(Number(seconds) * 1000).toISOString(), title, paths: [] });
  }
  return commits.filter(({ paths }) => paths.length > 0);
}
