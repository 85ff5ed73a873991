import { isoOrNull, isoSeconds } from '../hub/clock.ts';
import { htmlUrl, repositoryUrl } from '../hub/hub.ts';
import type { Hub } from '../hub/hub.ts';
import type { Json } from '../hub/json.ts';
import type { Comment, Issue, Label, Repository } from '../hub/types.ts';
import { associationOf } from '../rules/access.ts';
import { accountJson, accountOrNull, nodeId } from './accounts.ts';

export function labelJson(hub: Hub, repository: Repository, label: Label): Json {
  return {
    id: label.id,
    node_id: nodeId('LA', label.id),
    url: `${repositoryUrl(hub, repository)}/labels/${encodeURIComponent(label.name)}`,
    name: label.name,
    color: label.color,
    default: false,
    description: label.description,
  };
}

/** A pull request seen as an issue says so in `pull_request`. */
export function issueJson(hub: Hub, repository: Repository, issue: Issue): Json {
  const url = `${repositoryUrl(hub, repository)}/issues/${issue.number}`;
  const page = `${htmlUrl(hub, repository)}/${issue.pull === null ? 'issues' : 'pull'}/${issue.number}`;
  return {
    id: issue.id,
    node_id: nodeId('I', issue.id),
    url,
    repository_url: repositoryUrl(hub, repository),
    labels_url: `${url}/labels{/name}`,
    comments_url: `${url}/comments`,
    events_url: `${url}/events`,
    timeline_url: `${url}/timeline`,
    html_url: page,
    number: issue.number,
    state: issue.state,
    state_reason: issue.stateReason,
    title: issue.title,
    body: issue.body,
    user: accountJson(hub, issue.author),
    labels: issue.labels.map((label) => labelJson(hub, repository, label)),
    assignee: null,
    assignees: [],
    milestone: null,
    locked: issue.isLocked,
    active_lock_reason: null,
    comments: issue.comments.length,
    author_association: associationOf(repository, issue.author),
    created_at: isoSeconds(issue.createdAtMs),
    updated_at: isoSeconds(issue.updatedAtMs),
    closed_at: isoOrNull(issue.closedAtMs),
    closed_by: accountOrNull(hub, issue.closedBy),
    performed_via_github_app: null,
    reactions: reactionsJson(url, repository, issue.id),
    ...(issue.pull === null ? {} : pullPart(hub, repository, issue, page)),
  };
}

function pullPart(hub: Hub, repository: Repository, { number, pull }: Issue, page: string): Json {
  return {
    draft: pull?.isDraft ?? false,
    pull_request: {
      url: `${repositoryUrl(hub, repository)}/pulls/${number}`,
      html_url: page,
      diff_url: `${page}.diff`,
      patch_url: `${page}.patch`,
      merged_at: isoOrNull(pull?.mergedAtMs ?? null),
    },
  };
}

export function commentJson(hub: Hub, repository: Repository, issue: Issue, comment: Comment): Json {
  const url = `${repositoryUrl(hub, repository)}/issues/comments/${comment.id}`;
  const page = `${htmlUrl(hub, repository)}/${issue.pull === null ? 'issues' : 'pull'}/${issue.number}`;
  return {
    id: comment.id,
    node_id: nodeId('IC', comment.id),
    url,
    html_url: `${page}#issuecomment-${comment.id}`,
    issue_url: `${repositoryUrl(hub, repository)}/issues/${issue.number}`,
    body: comment.body,
    user: accountJson(hub, comment.author),
    author_association: associationOf(repository, comment.author),
    created_at: isoSeconds(comment.createdAtMs),
    updated_at: isoSeconds(comment.updatedAtMs),
    performed_via_github_app: null,
    reactions: reactionsJson(url, repository, comment.id),
  };
}

const REACTIONS = ['+1', '-1', 'laugh', 'hooray', 'confused', 'heart', 'rocket', 'eyes'];

/** How many of each there are on an issue or a comment. */
export function reactionsJson(url: string, { reactions }: Repository, subjectId: number): Json {
  const own = reactions.filter((one) => one.subjectId === subjectId);
  const counts = REACTIONS.map((name) => [name, own.filter(({ content }) => content === name).length]);
  return { url: `${url}/reactions`, total_count: own.length, ...Object.fromEntries(counts) };
}
