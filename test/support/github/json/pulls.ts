import { countCommits } from '../git/read-commits.ts';
import { mergeBase } from '../git/read-commits.ts';
import { readCounts } from '../git/read-changes.ts';
import { isoOrNull, isoSeconds } from '../hub/clock.ts';
import { htmlUrl, repositoryUrl } from '../hub/hub.ts';
import type { Hub, PullRequest } from '../hub/hub.ts';
import type { Json } from '../hub/json.ts';
import type { Repository, Review, ReviewComment } from '../hub/types.ts';
import { associationOf } from '../rules/access.ts';
import type { MergeableState } from '../rules/mergeability.ts';
import { accountJson, accountOrNull, nodeId } from './accounts.ts';
import { labelJson, reactionsJson } from './issues.ts';
import { repositoryDetails, repositoryJson } from './repositories.ts';

/** As lists of pull requests have it. */
export function pullJson(hub: Hub, repository: Repository, issue: PullRequest): Json {
  const { number, pull } = issue;
  const at = repositoryUrl(hub, repository);
  const url = `${at}/pulls/${number}`;
  const page = `${htmlUrl(hub, repository)}/pull/${number}`;
  const links = {
    self: url,
    html: page,
    issue: `${at}/issues/${number}`,
    comments: `${at}/issues/${number}/comments`,
    review_comments: `${url}/comments`,
    review_comment: `${at}/pulls/comments{/number}`,
    commits: `${url}/commits`,
    statuses: `${at}/statuses/${pull.headSha}`,
  };
  const side = (ref: string, sha: string) => ({
    label: `${repository.owner.login}:${ref}`,
    ref,
    sha,
    user: accountJson(hub, repository.owner),
    repo: { ...repositoryJson(hub, repository), ...repositoryDetails(repository) },
  });
  return {
    id: pull.id,
    node_id: nodeId('PR', pull.id),
    number,
    url,
    html_url: page,
    diff_url: `${page}.diff`,
    patch_url: `${page}.patch`,
    issue_url: links.issue,
    commits_url: links.commits,
    review_comments_url: links.review_comments,
    review_comment_url: links.review_comment,
    comments_url: links.comments,
    statuses_url: links.statuses,
    state: issue.state,
    locked: issue.isLocked,
    active_lock_reason: null,
    title: issue.title,
    body: issue.body,
    user: accountJson(hub, issue.author),
    labels: issue.labels.map((label) => {
      const json = labelJson(hub, repository, label);
      return { ...json, description: json.description ?? '' };
    }),
    milestone: null,
    assignee: null,
    assignees: [],
    requested_reviewers: pull.requestedReviewers.map((one) => accountJson(hub, one)),
    requested_teams: [],
    head: side(pull.headRef, pull.headSha),
    base: side(pull.baseRef, pull.baseSha),
    draft: pull.isDraft,
    created_at: isoSeconds(issue.createdAtMs),
    updated_at: isoSeconds(issue.updatedAtMs),
    closed_at: isoOrNull(issue.closedAtMs),
    merged_at: isoOrNull(pull.mergedAtMs),
    merge_commit_sha: pull.mergeCommitSha,
    author_association: associationOf(repository, issue.author),
    auto_merge: null,
    _links: Object.fromEntries(Object.entries(links).map(([name, href]) => [name, { href }])),
  };
}

/** What only the read of one pull request says. Webhooks say it too, of what is known by then. */
export async function pullDetails(
  hub: Hub,
  repository: Repository,
  issue: PullRequest,
  { isMergeable, state }: { isMergeable: boolean | null; state: MergeableState },
): Promise<Json> {
  const { pull } = issue;
  const from = (await mergeBase(repository.folder, pull.baseSha, pull.headSha)) ?? pull.baseSha;
  const counts = [...(await readCounts(repository.folder, from, pull.headSha)).values()];
  const sum = (name: 'additions' | 'deletions') => counts.reduce((total, one) => total + one[name], 0);
  return {
    merged: pull.mergedAtMs !== null,
    merged_by: accountOrNull(hub, pull.mergedBy),
    mergeable: isMergeable,
    rebaseable: isMergeable,
    mergeable_state: state,
    comments: issue.comments.length,
    review_comments: pull.reviewComments.length,
    maintainer_can_modify: false,
    commits: await countCommits(repository.folder, `${from}..${pull.headSha}`),
    additions: sum('additions'),
    deletions: sum('deletions'),
    changed_files: counts.length,
  };
}

export function reviewJson(hub: Hub, repository: Repository, issue: PullRequest, review: Review): Json {
  const page = `${htmlUrl(hub, repository)}/pull/${issue.number}#pullrequestreview-${review.id}`;
  const pullUrl = `${repositoryUrl(hub, repository)}/pulls/${issue.number}`;
  return {
    id: review.id,
    node_id: nodeId('PRR', review.id),
    user: accountJson(hub, review.author),
    body: review.body,
    state: review.state,
    html_url: page,
    pull_request_url: pullUrl,
    _links: { html: { href: page }, pull_request: { href: pullUrl } },
    ...(review.state === 'PENDING' ? {} : { submitted_at: isoSeconds(review.submittedAtMs) }),
    commit_id: review.commitSha,
    author_association: associationOf(repository, review.author),
  };
}

export function reviewCommentJson(hub: Hub, repository: Repository, issue: PullRequest, comment: ReviewComment): Json {
  const url = `${repositoryUrl(hub, repository)}/pulls/comments/${comment.id}`;
  const page = `${htmlUrl(hub, repository)}/pull/${issue.number}#discussion_r${comment.id}`;
  const pullUrl = `${repositoryUrl(hub, repository)}/pulls/${issue.number}`;
  const atText = isoSeconds(comment.createdAtMs);
  return {
    id: comment.id,
    node_id: nodeId('PRRC', comment.id),
    url,
    html_url: page,
    pull_request_url: pullUrl,
    pull_request_review_id: comment.reviewId,
    user: accountJson(hub, comment.author),
    body: comment.body,
    path: comment.path,
    line: comment.line,
    original_line: comment.line,
    side: 'RIGHT',
    position: 1,
    original_position: 1,
    diff_hunk: '@@ -1 +1 @@',
    commit_id: comment.commitSha,
    original_commit_id: comment.commitSha,
    author_association: associationOf(repository, comment.author),
    created_at: atText,
    updated_at: atText,
    _links: { self: { href: url }, html: { href: page }, pull_request: { href: pullUrl } },
    subject_type: 'line',
    reactions: reactionsJson(url, repository, comment.id),
  };
}
