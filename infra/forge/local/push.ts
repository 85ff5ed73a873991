import { isFactoryBranch } from '#src/code-factory/branch-name.ts';
import { FactoryError } from '#src/errors.ts';
import type { RepositoryRef } from '#src/ports/workspace.ts';
import { locateRepository } from '#infra/git/locate-repository.ts';
import type { Mirror } from '#infra/git/mirror.ts';
import { quoted, requireReadableBranch, requireSha } from '#infra/git/ref-names.ts';
import { receivePack } from '#infra/git/remote-programs.ts';

export interface PushResult {
  pushed: boolean;
  /** Git's own words when it was refused. */
  said: string;
}

/** Throws FactoryError `branch-refused` for every name but `factory/<task>-<slug>`: base branches, tags, full refs, refspecs, options. */
export function requireFactoryBranch(repo: RepositoryRef, branch: string): string {
  if (!isFactoryBranch(branch) || branch === repo.baseBranch) {
    throw new FactoryError(
      'branch-refused',
      `The factory pushes only to branches of its own (factory/<task>-<slug>), not to ${quoted(branch)}.`,
      {
        fix: 'Let the factory name the branch. What belongs on another branch goes through a pull request.',
      },
    );
  }
  return branch;
}

/** Creates (`expectedSha` null) or moves a branch of the factory's, provided that it still is where it is expected. */
export async function pushFactoryBranch(
  mirror: Mirror,
  repo: RepositoryRef,
  branch: string,
  { expectedSha, sha }: { expectedSha: string | null; sha: string },
): Promise<PushResult> {
  return push(
    mirror,
    repo,
    requireFactoryBranch(repo, branch),
    expectedSha === null ? '' : requireSha(expectedSha, 'The expected commit'),
    sha,
  );
}

/** Moves the base branch to a merge that a person approved. `forge.ts` has checked that the merge is one of exactly base and head. */
export async function pushMerge(
  mirror: Mirror,
  repo: RepositoryRef,
  { baseSha, mergeSha }: { baseSha: string; mergeSha: string },
): Promise<PushResult> {
  return push(mirror, repo, requireReadableBranch(repo.baseBranch), requireSha(baseSha, 'The base'), mergeSha);
}

/** The lease makes it safe: the far side compares and swaps, also against a person who pushes at the same moment. */
async function push(
  mirror: Mirror,
  repo: RepositoryRef,
  branch: string,
  expected: string,
  sha: string,
): Promise<PushResult> {
  const ref = `refs/heads/${branch}`;
  const repository = await locateRepository(repo.path);
  const program = receivePack(repository.owner);
  const result = await mirror.run(
    [
      ...['push', '--porcelain', '--no-verify', '--no-signed', '--recurse-submodules=no', '--no-follow-tags'],
      ...[
        `--force-with-lease=${ref}:${expected}`,
        program,
        '--',
        repo.path,
        `${requireSha(sha, 'The commit to push')}:${ref}`,
      ],
    ],
    { trusted: [program] },
  );
  return { pushed: result.exitCode === 0, said: `${result.stderr}\n${result.stdout.toString('utf8')}`.trim() };
}

export function pushFailed(repo: RepositoryRef, branch: string, said: string): FactoryError {
  const lines = said.split('\n').filter((line) => /error|fatal|rejected/.test(line));
  const words = (lines.length > 0 ? lines.join(' ') : said).slice(0, 500);
  return new FactoryError(
    'push-failed',
    `${quoted(repo.path)} did not take the branch ${quoted(branch)}. Git said: ${words}`,
    {
      fix: 'Check that this user may write to the repository and that its disk has room, then try again.',
      retryable: true,
    },
  );
}
