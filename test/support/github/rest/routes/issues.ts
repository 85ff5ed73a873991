import { issueOf, isPullRequest } from '../../hub/hub.ts';
import type { Hub } from '../../hub/hub.ts';
import { namesOf, textOf } from '../../hub/json.ts';
import { invalid, notFound, Refusal } from '../../hub/refusal.ts';
import type { Comment, Issue, Repository } from '../../hub/types.ts';
import { commentJson, issueJson, labelJson } from '../../json/issues.ts';
import { isAtLeast, tokenLevel } from '../../rules/access.ts';
import {
  addComment,
  addLabels,
  deleteComment,
  editComment,
  editIssue,
  findComment,
  makeLabel,
  openIssue,
  removeLabel,
  setIssueState,
} from '../../rules/issues.ts';
import { closePull, reopenPull } from '../../rules/pulls.ts';
import { created, noContent, ok, page, read, write } from '../route.ts';
import type { RepositoryCall, Routes, SignedCall } from '../route.ts';
import { inOrder, isSince } from '../sorting.ts';

/** A pull request is an issue as well, and may be reached by either permission. */
const EITHER = ['issues', 'pull_requests'] as const;

export const ISSUES: Routes = {
  'issues/list-for-repo': read('issues', (call) => {
    const { hub, repository, query } = call;
    const labels = (query.labels ?? '').split(',').filter((one) => one !== '');
    const state = query.state ?? 'open';
    const found = [...repository.issues.values()].filter(
      (issue) =>
        (state === 'all' || issue.state === state) &&
        (query.creator === undefined || issue.author.login === query.creator) &&
        isSince(query.since, issue.updatedAtMs) &&
        labels.every((name) => hasLabel(issue, name)),
    );
    const by = query.sort === 'updated' ? 'updatedAtMs' : 'createdAtMs';
    return page(
      call,
      inOrder(found, (issue) => [issue[by], issue.number], query.direction ?? 'desc'),
      (issue) => issueJson(hub, repository, issue),
    );
  }),
  'issues/get': read(EITHER, ({ hub, repository, parameters }) =>
    ok(issueJson(hub, repository, numbered(repository, parameters))),
  ),
  'issues/create': write('issues', 'read', ({ hub, repository, account, token, body }) => {
    // GitHub drops the labels of whoever may not set them.
    const mayLabel = isAtLeast(tokenLevel(token, repository), 'triage');
    const labels = mayLabel ? namesOf(body.labels) : [];
    const issue = openIssue(hub, repository, account, { title: titleOf(body.title), body: bodyOf(body.body), labels });
    return created(issueJson(hub, repository, issue));
  }),
  'issues/update': write(EITHER, 'triage', async ({ hub, repository, account, parameters, body }) => {
    const issue = numbered(repository, parameters);
    editIssue(hub, repository, account, issue, {
      ...(body.title === undefined ? {} : { title: titleOf(body.title) }),
      ...(body.body === undefined ? {} : { body: bodyOf(body.body) }),
    });
    if (Array.isArray(body.labels)) setLabels(hub, repository, account, issue, namesOf(body.labels));
    const state = body.state;
    if (isPullRequest(issue) && state === 'closed') closePull(hub, repository, account, issue);
    else if (isPullRequest(issue) && state === 'open') await reopenPull(hub, repository, account, issue);
    else if (state === 'open' || state === 'closed')
      setIssueState(hub, repository, account, issue, state, (body.state_reason ?? null) as Issue['stateReason']);
    return ok(issueJson(hub, repository, issue));
  }),
  'issues/list-comments': read(EITHER, (call) => {
    const issue = numbered(call.repository, call.parameters);
    const comments = issue.comments.filter(({ updatedAtMs }) => isSince(call.query.since, updatedAtMs));
    return page(call, comments, (comment) => commentJson(call.hub, call.repository, issue, comment));
  }),
  'issues/list-comments-for-repo': read(EITHER, (call) => {
    const { hub, repository, query } = call;
    const all = allComments(repository).filter(({ comment }) => isSince(query.since, comment.updatedAtMs));
    const by = query.sort === 'updated' ? 'updatedAtMs' : 'createdAtMs';
    const sorted = inOrder(all, ({ comment }) => [comment[by], comment.id], query.direction ?? 'asc');
    return page(call, sorted, ({ issue, comment }) => commentJson(hub, repository, issue, comment));
  }),
  'issues/get-comment': read(EITHER, ({ hub, repository, parameters }) => {
    const { issue, comment } = findComment(repository, Number(parameters.comment_id));
    return ok(commentJson(hub, repository, issue, comment));
  }),
  'issues/create-comment': write(EITHER, 'read', ({ hub, repository, account, parameters, body }) => {
    const issue = numbered(repository, parameters);
    const comment = addComment(hub, repository, account, issue, textOf(body.body));
    return created(commentJson(hub, repository, issue, comment));
  }),
  'issues/update-comment': write(EITHER, 'read', (call) => {
    const { hub, repository, account, parameters, body } = call;
    needOwn(call);
    const comment = editComment(hub, repository, account, Number(parameters.comment_id), textOf(body.body));
    return ok(commentJson(hub, repository, findComment(repository, comment.id).issue, comment));
  }),
  'issues/delete-comment': write(EITHER, 'read', (call) => {
    const { hub, repository, account, parameters } = call;
    needOwn(call);
    deleteComment(hub, repository, account, Number(parameters.comment_id));
    return noContent();
  }),
  'issues/add-labels': write(EITHER, 'triage', ({ hub, repository, account, parameters, body, list }) => {
    const issue = numbered(repository, parameters);
    addLabels(hub, repository, account, issue, namesOf(list ?? body.labels));
    return ok(issue.labels.map((label) => labelJson(hub, repository, label)));
  }),
  'issues/set-labels': write(EITHER, 'triage', ({ hub, repository, account, parameters, body, list }) => {
    const issue = numbered(repository, parameters);
    setLabels(hub, repository, account, issue, namesOf(list ?? body.labels));
    return ok(issue.labels.map((label) => labelJson(hub, repository, label)));
  }),
  'issues/remove-label': write(EITHER, 'triage', ({ hub, repository, account, parameters }) => {
    const issue = numbered(repository, parameters);
    removeLabel(hub, repository, account, issue, parameters.name ?? '');
    return ok(issue.labels.map((label) => labelJson(hub, repository, label)));
  }),
  'issues/list-labels-for-repo': read(EITHER, (call) =>
    page(call, call.repository.labels, (label) => labelJson(call.hub, call.repository, label)),
  ),
  'issues/get-label': read(EITHER, ({ hub, repository, parameters }) => {
    const label = repository.labels.find(({ name }) => name.toLowerCase() === parameters.name?.toLowerCase());
    if (label === undefined) throw notFound();
    return ok(labelJson(hub, repository, label));
  }),
  'issues/create-label': write(EITHER, 'triage', ({ hub, repository, body }) => {
    const color = body.color === undefined ? {} : { color: textOf(body.color) };
    const label = makeLabel(hub, repository, textOf(body.name), { ...color, description: bodyOf(body.description) });
    return created(labelJson(hub, repository, label));
  }),
};

/** Who may not write changes only what is theirs. */
function needOwn({ repository, account, token, parameters }: SignedCall): void {
  const { comment } = findComment(repository, Number(parameters.comment_id));
  if (comment.author !== account && !isAtLeast(tokenLevel(token, repository), 'write'))
    throw new Refusal(403, 'Must have admin rights to Repository.');
}

function numbered(repository: Repository, parameters: Record<string, string>): Issue {
  return issueOf(repository, Number(parameters.issue_number));
}

function hasLabel(issue: Issue, wanted: string): boolean {
  return issue.labels.some(({ name }) => name.toLowerCase() === wanted.toLowerCase());
}

function setLabels(
  hub: Hub,
  repository: Repository,
  account: Issue['author'],
  issue: Issue,
  names: readonly string[],
): void {
  for (const { name } of issue.labels)
    if (!names.some((one) => one.toLowerCase() === name.toLowerCase()))
      removeLabel(hub, repository, account, issue, name);
  addLabels(hub, repository, account, issue, names);
}

function titleOf(value: unknown): string {
  const title = textOf(typeof value === 'number' ? String(value) : value);
  if (title.trim() === '') throw invalid('Issue', { field: 'title', code: 'missing_field' });
  return title;
}

function bodyOf(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}

function allComments(repository: RepositoryCall['repository']): { issue: Issue; comment: Comment }[] {
  return [...repository.issues.values()].flatMap((issue) => issue.comments.map((comment) => ({ issue, comment })));
}
