import { mergeTree } from '../git/merge-commits.ts';
import { branchHead } from '../git/refs.ts';
import type { Hub, PullRequest } from '../hub/hub.ts';
import type { Repository } from '../hub/types.ts';
import { allChecks } from './check-state.ts';
import { mergeObstacles } from './merge-obstacles.ts';

export type MergeableState = 'unknown' | 'dirty' | 'draft' | 'behind' | 'blocked' | 'unstable' | 'clean';

/** What a read of the pull request says. GitHub finds out in the background, and a first read only sets it going. */
export async function readMergeability(
  hub: Hub,
  repository: Repository,
  issue: PullRequest,
): Promise<{ isMergeable: boolean | null; state: MergeableState }> {
  const { pull } = issue;
  if (issue.state === 'closed') return { isMergeable: null, state: 'unknown' };
  const base = await branchHead(repository.folder, pull.baseRef);
  const key = `${pull.headSha} on ${base}`;
  if (pull.mergeability.key !== key) pull.mergeability = { key, readsLeft: hub.mergeableAfterReads, isMergeable: null };
  if (pull.mergeability.readsLeft > 0) {
    pull.mergeability.readsLeft -= 1;
    return { isMergeable: null, state: 'unknown' };
  }
  pull.mergeability.isMergeable ??= base !== null && (await mergeTree(repository.folder, base, pull.headSha)) !== null;
  const { isMergeable } = pull.mergeability;
  return { isMergeable, state: isMergeable ? await cleanState(repository, issue) : 'dirty' };
}

async function cleanState(repository: Repository, issue: PullRequest): Promise<MergeableState> {
  if (issue.pull.isDraft) return 'draft';
  const obstacles = await mergeObstacles(repository, issue);
  if (obstacles.length > 0) return obstacles.every(({ isBehind }) => isBehind) ? 'behind' : 'blocked';
  const checks = allChecks(repository, issue.pull.headSha);
  return checks === null || checks === 'passing' ? 'clean' : 'unstable';
}
