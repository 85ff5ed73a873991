import { isAncestor } from '../git/refs.ts';
import { isNoCommit } from '../git/pushed-refs.ts';
import type { Hub, PullRequest } from '../hub/hub.ts';
import { touch } from '../hub/hub.ts';
import type { Account, Repository } from '../hub/types.ts';
import { closePull, keepPullRef, openPulls } from './pulls.ts';
import { markMerged } from './mark-merged.ts';
import { protectionsOf } from './protections.ts';
import { dismissStale } from './reviews.ts';

/** A branch or tag that moved; forty zeroes where there is nothing. */
export interface RefChange {
  ref: string;
  before: string;
  after: string;
}

const BRANCH = 'refs/heads/';

/** What GitHub does once refs have moved, whoever moved them. */
export async function afterRefChanges(
  hub: Hub,
  repository: Repository,
  actor: Account,
  changes: readonly RefChange[],
): Promise<void> {
  for (const change of changes.filter(({ before, after }) => before !== after)) {
    repository.pushedAtMs = hub.clock.nowMs();
    hub.publisher.push(repository, actor, change);
    if (!change.ref.startsWith(BRANCH)) continue;
    const branch = change.ref.slice(BRANCH.length);
    for (const issue of openPulls(repository)) {
      if (issue.pull.headRef === branch) await moveHead(hub, repository, actor, issue, change);
      if (issue.pull.baseRef === branch) await moveBase(hub, repository, actor, issue, change);
    }
    const sha = isNoCommit(change.after) ? null : change.after;
    for (const tell of hub.onBranchChange) tell(repository, branch, sha);
  }
}

async function moveHead(
  hub: Hub,
  repository: Repository,
  actor: Account,
  issue: PullRequest,
  { before, after }: RefChange,
): Promise<void> {
  if (isNoCommit(after)) return closePull(hub, repository, actor, issue);
  Object.assign(issue.pull, { headSha: after, lastPusher: actor });
  await keepPullRef(repository, issue);
  touch(hub, issue);
  hub.publisher.pull(repository, actor, issue, 'synchronize', { before, after });
  const isStrict = protectionsOf(repository, issue.pull.baseRef).some((rule) => rule.dismissesStaleReviews);
  if (isStrict) dismissStale(hub, repository, actor, issue);
}

async function moveBase(
  hub: Hub,
  repository: Repository,
  actor: Account,
  issue: PullRequest,
  { after }: RefChange,
): Promise<void> {
  if (isNoCommit(after)) return closePull(hub, repository, actor, issue);
  if (await isAncestor(repository.folder, issue.pull.headSha, after)) markMerged(hub, repository, actor, issue, after);
}
