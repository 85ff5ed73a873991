import type { Mirror } from './mirror.ts';

/** Both commits are in the mirror. */
export async function isInHistory(mirror: Mirror, ancestor: string, sha: string): Promise<boolean> {
  return ancestor === sha || (await mirror.run(['merge-base', '--is-ancestor', ancestor, sha])).exitCode === 0;
}

/** Parents of a commit in the mirror, first one first. */
export async function parentsOf(mirror: Mirror, sha: string): Promise<string[]> {
  const listed = await mirror.text(['rev-list', '--parents', '--no-walk', sha]);
  return listed.trim().split(' ').slice(1);
}

/** The commit of the base branch that brought `headSha` in: the merge, or `headSha` itself when the base only moved forward to it. */
export async function mergeThatBrought(mirror: Mirror, headSha: string, baseSha: string): Promise<string> {
  const listed = await mirror.text([
    'rev-list',
    '--first-parent',
    '--ancestry-path',
    '--reverse',
    baseSha,
    `^${headSha}`,
  ]);
  return listed.split('\n')[0] || headSha;
}
