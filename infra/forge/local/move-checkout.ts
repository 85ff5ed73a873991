import { folderSide } from '#infra/git/far-side.ts';
import type { LocatedRepository } from '#infra/git/locate-repository.ts';
import type { Mirror } from '#infra/git/mirror.ts';
import { pushObjects, type PushResult } from '#infra/git/push-ref.ts';
import { git, runGit } from '#infra/git/run-git.ts';
import type { Checkout } from '#infra/git/work-tree.ts';

/**
 * Moves a branch and the folder that has it checked out, and leaves alone what is changed there and stays the same in
 * the move, as `git merge --ff-only` would. A push cannot do that: `updateInstead` refuses every change, the queue's
 * own state among them. Where a changed file is in the way, git refuses and nothing has moved.
 */
export async function moveCheckout(
  mirror: Mirror,
  repository: LocatedRepository,
  checkout: Checkout,
  { branch, expectedSha, sha }: { branch: string; expectedSha: string; sha: string },
): Promise<Pick<PushResult, 'pushed' | 'said'>> {
  const brought = await pushObjects(mirror, folderSide(repository.path), sha);
  if (!brought.pushed) return brought;
  const call = {
    gitDir: checkout.gitDir,
    workTree: checkout.folder,
    workingFolder: checkout.folder,
    runAs: repository.owner,
  };
  const update = (line: string) => ({ ...call, args: ['update-ref', '--stdin'], input: `${line}\n` });
  try {
    // Files that were only touched would count as changed; those that are changed make it end with an exit code.
    await runGit({ ...call, args: ['update-index', '-q', '--ignore-submodules', '--refresh'] });
    const files = await runGit({ ...call, args: ['read-tree', '-m', '-u', expectedSha, sha] });
    if (files.exitCode !== 0) return { pushed: false, said: files.stderr.trim() };
    const moved = await runGit(update(`update refs/heads/${branch} ${sha} ${expectedSha}`));
    if (moved.exitCode === 0) return { pushed: true, said: '' };
    // Somebody committed in between: the files go back to where the branch was when they were moved.
    await git({ ...call, args: ['read-tree', '-m', '-u', sha, expectedSha] });
    return { pushed: false, said: moved.stderr.trim() };
  } finally {
    await git(update(`delete ${brought.ref} ${sha}`));
  }
}
