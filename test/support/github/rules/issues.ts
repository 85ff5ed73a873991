import type { Hub } from '../hub/hub.ts';
import { nextNumber, touch } from '../hub/hub.ts';
import { invalid, notFound, Refusal } from '../hub/refusal.ts';
import type { Account, Comment, Issue, Label, Repository } from '../hub/types.ts';
import { mayWrite } from './access.ts';

export interface IssueDraft {
  title: string;
  body?: string | null;
  labels?: readonly string[];
}

export function openIssue(hub: Hub, repository: Repository, author: Account, draft: IssueDraft): Issue {
  needUnarchived(repository);
  if (draft.title.trim() === '') throw invalid('Issue', { field: 'title', code: 'missing_field' });
  const issue = newIssue(hub, repository, author, draft);
  repository.issues.set(issue.number, issue);
  publishIssue(hub, repository, author, issue, 'opened');
  addLabels(hub, repository, author, issue, draft.labels ?? []);
  return issue;
}

export function newIssue(hub: Hub, repository: Repository, author: Account, { title, body }: IssueDraft): Issue {
  const nowMs = hub.clock.nowMs();
  return {
    id: hub.nextId(),
    number: nextNumber(repository),
    title,
    body: body ?? null,
    author,
    labels: [],
    state: 'open',
    stateReason: null,
    comments: [],
    isLocked: false,
    createdAtMs: nowMs,
    updatedAtMs: nowMs,
    closedAtMs: null,
    closedBy: null,
    pull: null,
  };
}

export function editIssue(
  hub: Hub,
  repository: Repository,
  actor: Account,
  issue: Issue,
  changes: { title?: string; body?: string | null },
): void {
  needUnarchived(repository);
  const before = { title: issue.title, body: issue.body };
  Object.assign(issue, changes);
  if (before.title === issue.title && before.body === issue.body) return;
  touch(hub, issue);
  const payload = {
    ...(before.title === issue.title ? {} : { title: { from: before.title } }),
    ...(before.body === issue.body ? {} : { body: { from: before.body ?? '' } }),
  };
  publishIssue(hub, repository, actor, issue, 'edited', { changes: payload });
}

export function setIssueState(
  hub: Hub,
  repository: Repository,
  actor: Account,
  issue: Issue,
  state: Issue['state'],
  reason: Issue['stateReason'] = null,
): void {
  needUnarchived(repository);
  if (issue.state === state) return;
  issue.state = state;
  issue.stateReason = state === 'open' ? 'reopened' : (reason ?? 'completed');
  issue.closedAtMs = state === 'closed' ? hub.clock.nowMs() : null;
  issue.closedBy = state === 'closed' ? actor : null;
  touch(hub, issue);
  publishIssue(hub, repository, actor, issue, state === 'closed' ? 'closed' : 'reopened');
}

/** Adds what is not there yet; a label that the repository lacks is made, as GitHub does. */
export function addLabels(
  hub: Hub,
  repository: Repository,
  actor: Account,
  issue: Issue,
  names: readonly string[],
): void {
  needUnarchived(repository);
  for (const name of names) {
    const label =
      repository.labels.find((one) => one.name.toLowerCase() === name.toLowerCase()) ??
      makeLabel(hub, repository, name);
    if (issue.labels.includes(label)) continue;
    issue.labels.push(label);
    touch(hub, issue);
    publishIssue(hub, repository, actor, issue, 'labeled', { label });
  }
}

export function removeLabel(hub: Hub, repository: Repository, actor: Account, issue: Issue, name: string): void {
  needUnarchived(repository);
  const label = issue.labels.find((one) => one.name.toLowerCase() === name.toLowerCase());
  if (label === undefined) throw new Refusal(404, 'Label does not exist');
  issue.labels = issue.labels.filter((one) => one !== label);
  touch(hub, issue);
  publishIssue(hub, repository, actor, issue, 'unlabeled', { label });
}

export function makeLabel(
  hub: Hub,
  repository: Repository,
  name: string,
  { color = 'ededed', description = null }: { color?: string; description?: string | null } = {},
): Label {
  if (repository.labels.some((one) => one.name.toLowerCase() === name.toLowerCase()))
    throw invalid('Label', { field: 'name', code: 'already_exists' });
  const label = { id: hub.nextId(), name, color, description };
  repository.labels.push(label);
  return label;
}

/** GitHub takes 65,536 characters. */
const BODY_LIMIT_CHARS = 65_536;

export function addComment(hub: Hub, repository: Repository, author: Account, issue: Issue, body: string): Comment {
  needUnarchived(repository);
  if (issue.isLocked && author.type === 'User' && !mayWrite(repository, author))
    throw new Refusal(403, 'Unable to create comment because issue is locked.');
  needBody(body);
  const nowMs = hub.clock.nowMs();
  const comment = { id: hub.nextId(), author, body, createdAtMs: nowMs, updatedAtMs: nowMs };
  issue.comments.push(comment);
  touch(hub, issue);
  publishComment(hub, repository, author, issue, comment, 'created');
  return comment;
}

export function editComment(hub: Hub, repository: Repository, actor: Account, id: number, body: string): Comment {
  needUnarchived(repository);
  needBody(body);
  const { issue, comment } = findComment(repository, id);
  const before = comment.body;
  Object.assign(comment, { body, updatedAtMs: hub.clock.nowMs() });
  publishComment(hub, repository, actor, issue, comment, 'edited', { changes: { body: { from: before } } });
  return comment;
}

export function deleteComment(hub: Hub, repository: Repository, actor: Account, id: number): void {
  needUnarchived(repository);
  const { issue, comment } = findComment(repository, id);
  issue.comments = issue.comments.filter((one) => one !== comment);
  publishComment(hub, repository, actor, issue, comment, 'deleted');
}

export function findComment(repository: Repository, id: number): { issue: Issue; comment: Comment } {
  for (const issue of repository.issues.values()) {
    const comment = issue.comments.find((one) => one.id === id);
    if (comment !== undefined) return { issue, comment };
  }
  throw notFound();
}

/** Nothing in an archived repository can be changed. */
export function needUnarchived(repository: Repository): void {
  if (repository.isArchived) throw new Refusal(403, 'Repository was archived so is read-only.');
}

function needBody(body: string): void {
  if (body.trim() === '') throw invalid('IssueComment', { field: 'body', code: 'missing_field' });
  if (body.length > BODY_LIMIT_CHARS)
    throw invalid('IssueComment', {
      field: 'body',
      code: 'unprocessable',
      message: `body is too long (maximum is ${BODY_LIMIT_CHARS} characters)`,
    });
}

function publishIssue(
  hub: Hub,
  repository: Repository,
  sender: Account,
  issue: Issue,
  action: string,
  more: { label?: Label; changes?: unknown } = {},
): void {
  // Both live in one list of numbers; GitHub tells them apart by the event.
  if (issue.pull === null) hub.publisher.issue(repository, sender, issue, action, more);
  else hub.publisher.pull(repository, sender, issue, action, more);
}

function publishComment(
  hub: Hub,
  repository: Repository,
  sender: Account,
  issue: Issue,
  comment: Comment,
  action: string,
  more: { changes?: unknown } = {},
): void {
  hub.publisher.comment(repository, sender, { issue, comment }, action, more);
}
