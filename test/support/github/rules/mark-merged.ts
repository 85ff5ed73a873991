import type { Hub, PullRequest } from '../hub/hub.ts';
import { issueOf, touch } from '../hub/hub.ts';
import type { Account, Repository } from '../hub/types.ts';
import { setIssueState } from './issues.ts';

/** Also what happens when a push brings the head into its base. */
export function markMerged(hub: Hub, repository: Repository, actor: Account, issue: PullRequest, sha: string): void {
  const nowMs = hub.clock.nowMs();
  Object.assign(issue, { state: 'closed', closedAtMs: nowMs, closedBy: actor });
  Object.assign(issue.pull, { mergedAtMs: nowMs, mergedBy: actor, mergeCommitSha: sha });
  touch(hub, issue);
  hub.publisher.pull(repository, actor, issue, 'closed');
  if (issue.pull.baseRef !== repository.defaultBranch) return;
  for (const number of closedIssues(issue.body ?? ''))
    if (repository.issues.has(number)) setIssueState(hub, repository, actor, issueOf(repository, number), 'closed');
}

/** `Fixes #12` and its relatives, as GitHub reads them in a pull request's body. */
function closedIssues(body: string): number[] {
  return [...body.matchAll(/\b(?:close[sd]?|fix(?:e[sd])?|resolve[sd]?):? #(\d+)/gi)].map(([, number]) =>
    Number(number),
  );
}
