import { type LocatedRepository, locateRepository } from '#infra/git/locate-repository.ts';
import { fetchInto, type Mirror, readHeads, requireCommit } from '#infra/git/mirror.ts';
import { requireSha } from '#infra/git/ref-names.ts';
import { git } from '#infra/git/run-git.ts';
import { type Checkout, checkoutOf, holdsExactly, unfinishedCommand } from '#infra/git/work-tree.ts';
import { FactoryError } from '#src/errors.ts';
import type { MergeOutcome } from '#src/ports/forge.ts';
import type { RepositoryRef } from '#src/ports/workspace.ts';
import { isInHistory, mergeThatBrought, parentsOf } from './history.ts';
import { obstacleIn, pushObstacle } from './obstacles.ts';
import { pushFailed, pushMerge } from './push.ts';

interface Merge {
  headSha: string;
  baseSha: string;
  mergeSha: string;
}

/**
 * Moves the base branch of the person's repository to the prepared merge. It looks first whether that has happened: a
 * process that was killed after the push and before its record finds its own merge there. Then everything is compared
 * with what was approved, and the push itself compares again.
 */
export async function mergeIntoBase(
  mirror: Mirror,
  repo: RepositoryRef,
  branch: string,
  merge: Merge,
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
    const reason = await obstacleIn(mirror, repository, checkout, { fromSha: merge.baseSha, toSha: merge.mergeSha });
    if (reason !== null) return { outcome: 'waits', reason };
  }

  const result = await pushMerge(mirror, repo, merge);
  if (result.pushed) return { outcome: 'merged', mergedSha: merge.mergeSha };
  const after = await standing(mirror, repo, branch, merge);
  if (after.outcome !== 'ready') return after;
  if (checkout) return { outcome: 'waits', reason: pushObstacle(checkout, result.said) };
  throw pushFailed(repo, repo.baseBranch, result.said);
}

/** Where the two branches stand now, against what was approved. */
async function standing(
  mirror: Mirror,
  repo: RepositoryRef,
  branch: string,
  merge: Merge,
): Promise<MergeOutcome | { outcome: 'ready' }> {
  const heads = await readHeads(mirror, repo, [repo.baseBranch, branch]);
  const baseHead = heads.get(repo.baseBranch);
  const branchHead = heads.get(branch) ?? null;
  if (baseHead === merge.mergeSha) return { outcome: 'merged', mergedSha: merge.mergeSha };
  if (baseHead !== merge.baseSha) {
    const { baseSha } = await fetchInto(mirror, repo);
    if (await isInHistory(mirror, merge.headSha, baseSha)) {
      return { outcome: 'merged', mergedSha: await mergeThatBrought(mirror, merge.headSha, baseSha) };
    }
    if (branchHead === merge.headSha) return { outcome: 'base-moved', actualSha: baseSha };
  }
  return branchHead === merge.headSha ? { outcome: 'ready' } : { outcome: 'head-moved', actualSha: branchHead };
}

/** The commit to push must merge exactly what was approved, into exactly the base that was looked at, and something at all. */
async function requireMergeOf(mirror: Mirror, { headSha, baseSha, mergeSha }: Merge): Promise<void> {
  for (const sha of [headSha, baseSha, mergeSha]) await requireCommit(mirror, requireSha(sha, 'A commit of the merge'));
  const [first, second, ...more] = await parentsOf(mirror, mergeSha);
  if (first === baseSha && second === headSha && more.length === 0 && !(await isInHistory(mirror, headSha, baseSha)))
    return;
  throw new FactoryError(
    'merge-refused',
    `${mergeSha.slice(0, 12)} is not the merge of ${headSha.slice(0, 12)} into ${baseSha.slice(0, 12)} that was approved.`,
    { fix: 'Prepare the merge again and ask for a new approval.' },
  );
}

/** `receive-pack` writes the files first and moves the branch last; killed in between, the folder looks dirty and is not. */
async function isCutShort(checkout: Checkout, merge: Merge): Promise<boolean> {
  return (await unfinishedCommand(checkout)) === null && (await holdsExactly(checkout, merge.mergeSha));
}

async function finishCheckout(repository: LocatedRepository, repo: RepositoryRef, merge: Merge): Promise<void> {
  await git({
    gitDir: repository.gitDir,
    workingFolder: repository.path,
    args: ['update-ref', '--stdin'],
    input: `update refs/heads/${repo.baseBranch} ${merge.mergeSha} ${merge.baseSha}\n`,
    runAs: repository.owner,
  });
}
