import { branchHead, isAncestor } from '../git/refs.ts';
import type { PullRequest } from '../hub/hub.ts';
import type { Account, Protection, Repository, Review } from '../hub/types.ts';
import { mayWrite } from './access.ts';
import { checkState } from './check-state.ts';
import { protectionsOf } from './protections.ts';

export interface Obstacle {
  kind: Protection['kind'];
  text: string;
  /** Only that the branch does not hold its base. */
  isBehind: boolean;
}

/** What the rules of the base branch have against merging; conflicts and drafts are not theirs. */
export async function mergeObstacles(repository: Repository, { pull }: PullRequest): Promise<Obstacle[]> {
  const obstacles: Obstacle[] = [];
  for (const protection of protectionsOf(repository, pull.baseRef)) {
    const { kind } = protection;
    const add = (text: string): void => void obstacles.push({ kind, text, isBehind: false });
    const counted = latestReviews(pull.reviews).filter(({ author }) => mayReview(repository, author));
    const approvals = counted.filter((review) => review.state === 'APPROVED' && stillCounts(protection, pull, review));
    const missing = protection.requiredApprovals - approvals.length;
    if (missing > 0)
      add(
        `At least ${protection.requiredApprovals} approving review${protection.requiredApprovals > 1 ? 's are' : ' is'} required by reviewers with write access.`,
      );
    if (protection.requiredApprovals > 0 && counted.some(({ state }) => state === 'CHANGES_REQUESTED'))
      add('Changes have been requested.');
    for (const name of protection.requiredChecks) {
      const state = checkState(repository, pull.headSha, name);
      if (state === 'failing') add(`Required status check "${name}" is failing.`);
      else if (state !== 'passing') add(`Required status check "${name}" is expected.`);
    }
    if (protection.isStrict && (await isBehind(repository, pull)))
      obstacles.push({ kind, text: 'This branch is out-of-date with the base branch.', isBehind: true });
  }
  return obstacles;
}

/** The last word of each reviewer; mere comments leave an earlier word standing. */
function latestReviews(reviews: readonly Review[]): Review[] {
  const byLogin = new Map<string, Review>();
  for (const review of reviews)
    if (review.state !== 'COMMENTED' && review.state !== 'PENDING') byLogin.set(review.author.login, review);
  return [...byLogin.values()];
}

async function isBehind(repository: Repository, pull: PullRequest['pull']): Promise<boolean> {
  const base = await branchHead(repository.folder, pull.baseRef);
  return base !== null && !(await isAncestor(repository.folder, base, pull.headSha));
}

/** The approval of an app does not count, and no reader's does. */
function mayReview(repository: Repository, account: Account): boolean {
  return account.type !== 'Bot' && mayWrite(repository, account);
}

function stillCounts(protection: Protection, pull: PullRequest['pull'], review: Review): boolean {
  if (protection.dismissesStaleReviews && review.commitSha !== pull.headSha) return false;
  return !(protection.requiresLastPushApproval && review.author === pull.lastPusher);
}
