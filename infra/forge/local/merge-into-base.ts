import { folderSide } from '#infra/git/far-side.ts';
import { type LocatedRepository, locateRepository } from '#infra/git/locate-repository.ts';
import { fetchInto, type Mirror, readHeads } from '#infra/git/mirror.ts';
import { pushRef } from '#infra/git/push-ref.ts';
import { requireReadableBranch } from '#infra/git/ref-names.ts';
import { git } from '#infra/git/run-git.ts';
import {
  type Checkout,
  checkoutOf,
  hasUncommittedChanges,
  holdsExactly,
  unfinishedCommand,
} from '#infra/git/work-tree.ts';
import type { MergeOutcome } from '#src/ports/forge.ts';
import { QUEUE_FILE } from '#src/ports/queue-file.ts';
import type { RepositoryRef } from '#src/ports/workspace.ts';
import { pushFailed } from '../factory-branches.ts';
import { isInHistory, mergeThatBrought } from '#infra/git/ancestry.ts';
import { type ApprovedMerge, requireMergeOf } from '../require-merge-of.ts';
import { moveCheckout } from './move-checkout.ts';
import { obstacleIn, pushObstacle } from './obstacles.ts';

/**
 * Moves the base branch of the person's repository to the prepared merge. It looks first whether that has happened: a
 * process that was killed after the push and before its record finds its own merge there. Then everything is compared
 * with what was approved, and the push itself compares again.
 */
export async function mergeIntoBase(
  mirror: Mirror,
  repo: RepositoryRef,
  branch: string,
  merge: ApprovedMerge,
): Promise<MergeOutcome> {
  await requireMergeOf(mirror, merge);
  const before = await standing(mirror, repo, branch, merge);
  if (before.outcome !== 'ready') return before;

  const repository = await locateRepository(repo.path);
  const checkout = await checkoutOf(repository, repo.baseBranch);
  if (checkout) {
    if (await isCutShort(checkout, merge)) {
      await finishCheckout(repository, repo, merge);
      return { outcome: 'merged', mergedSha: merge.mergeSha };
    }
    const move = { fromSha: merge.baseSha, toSha: merge.mergeSha };
    const reason = await obstacleIn(mirror, repository, checkout, move, QUEUE_FILE);
    if (reason !== null) return { outcome: 'waits', reason };
  }

  const side = folderSide(repo.path);
  const target = { branch: requireReadableBranch(repo.baseBranch), expectedSha: merge.baseSha, sha: merge.mergeSha };
  const result =
    checkout !== null && (await hasUncommittedChanges(checkout))
      ? await moveCheckout(mirror, repository, checkout, target)
      : await pushRef(mirror, side, target);
  if (result.pushed) return { outcome: 'merged', mergedSha: merge.mergeSha };
  const after = await standing(mirror, repo, branch, merge);
  if (after.outcome !== 'ready') return after;
  if (checkout) return { outcome: 'waits', reason: pushObstacle(checkout, result.said) };
  throw pushFailed(side, repo.baseBranch, result.said);
}

/** Where the two branches stand now, against what was approved. */
async function standing(
  mirror: Mirror,
  repo: RepositoryRef,
  branch: string,
  merge: ApprovedMerge,
): Promise<MergeOutcome | { outcome: 'ready' }> {
  const heads = await readHeads(mirror, folderSide(repo.path), [repo.baseBranch, branch]);
  const baseHead = heads.get(repo.baseBranch);
  const branchHead = heads.get(branch) ?? null;
  if (baseHead === merge.mergeSha) return { outcome: 'merged', mergedSha: merge.mergeSha };
  if (baseHead !== merge.baseSha) {
    const { baseSha } = await fetchInto(mirror, folderSide(repo.path), repo.baseBranch);
    if (await isInHistory(mirror, merge.headSha, baseSha)) {
      return { outcome: 'merged', mergedSha: await mergeThatBrought(mirror, merge.headSha, baseSha) };
    }
    if (branchHead === merge.headSha) return { outcome: 'base-moved', actualSha: baseSha };
  }
  return branchHead === merge.headSha ? { outcome: 'ready' } : { outcome: 'head-moved', actualSha: branchHead };
}

/** `receive-pack` writes the files first and moves the branch last; killed in between, the folder looks dirty and is not. */
async function isCutShort(checkout: Checkout, merge: ApprovedMerge): Promise<boolean> {
  return (await unfinishedCommand(checkout)) === null && (await holdsExactly(checkout, merge.mergeSha, QUEUE_FILE));
}

async function finishCheckout(repository: LocatedRepository, repo: RepositoryRef, merge: ApprovedMerge): Promise<void> {
  await git({
    gitDir: repository.gitDir,
    workingFolder: repository.path,
    args: ['update-ref', '--stdin'],
    input: `update refs/heads/${repo.baseBranch} ${merge.mergeSha} ${merge.baseSha}\n`,
    runAs: repository.owner,
  });
}
