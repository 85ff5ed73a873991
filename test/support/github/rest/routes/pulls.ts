import { pullOf, pullsOf } from '../../hub/hub.ts';
import type { PullRequest } from '../../hub/hub.ts';
import { mergeBase, readCommits } from '../../git/read-commits.ts';
import { readChanges } from '../../git/read-changes.ts';
import { git } from '../../git/run-git.ts';
import { textOf } from '../../hub/json.ts';
import { notFound, unprocessable } from '../../hub/refusal.ts';
import { changedFileJson, commitJson } from '../../json/commits.ts';
import { pullDetails, pullJson, reviewCommentJson, reviewJson } from '../../json/pulls.ts';
import { editIssue } from '../../rules/issues.ts';
import { readMergeability } from '../../rules/mergeability.ts';
import { mergePull } from '../../rules/merge-pull.ts';
import type { MergeWish } from '../../rules/merge-pull.ts';
import { changeBase, closePull, openPull, reopenPull } from '../../rules/pulls.ts';
import { createReview, dismissReview, findReview } from '../../rules/reviews.ts';
import type { ReviewDraft } from '../../rules/reviews.ts';
import { created, noContent, ok, page, read, write } from '../route.ts';
import type { RepositoryCall, Routes } from '../route.ts';
import { inOrder } from '../sorting.ts';

const PULLS_PERMISSION = 'pull_requests';

export const PULLS: Routes = {
  'pulls/list': read(PULLS_PERMISSION, (call) => {
    const { hub, repository, query } = call;
    const state = query.state ?? 'open';
    const found = pullsOf(repository).filter(
      (issue) =>
        (state === 'all' || issue.state === state) &&
        (query.base === undefined || issue.pull.baseRef === query.base) &&
        (query.head === undefined || query.head === `${repository.owner.login}:${issue.pull.headRef}`),
    );
    const by = query.sort === 'updated' ? 'updatedAtMs' : 'createdAtMs';
    const sorted = inOrder(found, (issue) => [issue[by], issue.number], query.direction ?? 'desc');
    return page(call, sorted, (issue) => pullJson(hub, repository, issue));
  }),
  'pulls/get': read(PULLS_PERMISSION, async (call) => ok(await wholeJson(call, pullIn(call)))),
  'pulls/create': write(PULLS_PERMISSION, 'write', async (call) => {
    const { hub, repository, account, body } = call;
    const issue = await openPull(hub, repository, account, {
      title: textOf(body.title),
      body: typeof body.body === 'string' ? body.body : null,
      head: textOf(body.head),
      base: textOf(body.base),
      isDraft: body.draft === true,
    });
    return created(await wholeJson(call, issue));
  }),
  'pulls/update': write(PULLS_PERMISSION, 'write', async (call) => {
    const { hub, repository, account, body } = call;
    const issue = pullIn(call);
    editIssue(hub, repository, account, issue, {
      ...(body.title === undefined ? {} : { title: textOf(body.title) }),
      ...(body.body === undefined ? {} : { body: typeof body.body === 'string' ? body.body : null }),
    });
    if (typeof body.base === 'string' && body.base !== issue.pull.baseRef)
      await changeBase(hub, repository, account, issue, body.base);
    if (body.state === 'closed') closePull(hub, repository, account, issue);
    if (body.state === 'open') await reopenPull(hub, repository, account, issue);
    return ok(await wholeJson(call, issue));
  }),
  'pulls/list-commits': read(PULLS_PERMISSION, async (call) => {
    const { folder } = call.repository;
    const { pull } = pullIn(call);
    const commits = await readCommits(folder, [`${pull.baseSha}..${pull.headSha}`]);
    return page(call, commits, (commit) => commitJson(call.hub, call.repository, commit));
  }),
  'pulls/list-files': read(PULLS_PERMISSION, async (call) => {
    const { folder } = call.repository;
    const { pull } = pullIn(call);
    const from = (await mergeBase(folder, pull.baseSha, pull.headSha)) ?? pull.baseSha;
    const files = await readChanges(folder, from, pull.headSha);
    return page(call, files, (file) => changedFileJson(call.hub, call.repository, pull.headSha, file));
  }),
  'pulls/check-if-merged': read(PULLS_PERMISSION, (call) => {
    if (pullIn(call).pull.mergedAtMs === null) throw notFound();
    return noContent();
  }),
  'pulls/merge': write('contents', 'write', async (call) => {
    const { hub, repository, account, body } = call;
    const sha = await mergePull(hub, repository, account, pullIn(call), {
      ...(typeof body.merge_method === 'string'
        ? { method: body.merge_method as NonNullable<MergeWish['method']> }
        : {}),
      ...(typeof body.sha === 'string' ? { sha: body.sha } : {}),
      ...(typeof body.commit_title === 'string' ? { title: body.commit_title } : {}),
      ...(typeof body.commit_message === 'string' ? { message: body.commit_message } : {}),
    });
    return ok({ sha, merged: true, message: 'Pull Request successfully merged' });
  }),
  'pulls/request-reviewers': write(PULLS_PERMISSION, 'write', (call) => {
    const { hub, repository, body } = call;
    const issue = pullIn(call);
    for (const login of Array.isArray(body.reviewers) ? body.reviewers : []) {
      const reviewer = hub.accounts.find((one) => one.login === login);
      if (reviewer === undefined || !repository.levels.has(reviewer.login))
        throw unprocessable('Reviews may only be requested from collaborators.');
      if (reviewer === issue.author) throw unprocessable('Review cannot be requested from pull request author.');
      if (!issue.pull.requestedReviewers.includes(reviewer)) issue.pull.requestedReviewers.push(reviewer);
    }
    return created(pullJson(hub, repository, issue));
  }),
  'pulls/list-reviews': read(PULLS_PERMISSION, (call) => {
    const issue = pullIn(call);
    return page(call, issue.pull.reviews, (review) => reviewJson(call.hub, call.repository, issue, review));
  }),
  'pulls/get-review': read(PULLS_PERMISSION, (call) => {
    const issue = pullIn(call);
    const review = findReview(issue, Number(call.parameters.review_id));
    return ok(reviewJson(call.hub, call.repository, issue, review));
  }),
  'pulls/create-review': write(PULLS_PERMISSION, 'read', async (call) => {
    const { hub, repository, account, body } = call;
    const issue = pullIn(call);
    const review = await createReview(hub, repository, account, issue, {
      ...(typeof body.event === 'string' ? { event: body.event as NonNullable<ReviewDraft['event']> } : {}),
      ...(typeof body.commit_id === 'string' ? { sha: body.commit_id } : {}),
      body: textOf(body.body),
      comments: (Array.isArray(body.comments) ? body.comments : []) as NonNullable<ReviewDraft['comments']>,
    });
    return ok(reviewJson(hub, repository, issue, review));
  }),
  'pulls/dismiss-review': write(PULLS_PERMISSION, 'write', (call) => {
    const issue = pullIn(call);
    const review = findReview(issue, Number(call.parameters.review_id));
    dismissReview(call.hub, call.repository, call.account, issue, review);
    return ok(reviewJson(call.hub, call.repository, issue, review));
  }),
  'pulls/list-review-comments': read(PULLS_PERMISSION, (call) => {
    const issue = pullIn(call);
    return page(call, issue.pull.reviewComments, (one) => reviewCommentJson(call.hub, call.repository, issue, one));
  }),
  'repos/list-pull-requests-associated-with-commit': read(PULLS_PERMISSION, async (call) => {
    const { hub, repository, parameters } = call;
    const found: PullRequest[] = [];
    for (const issue of pullsOf(repository)) {
      const { pull } = issue;
      const shas = await git(repository.folder, ['rev-list', `${pull.baseSha}..${pull.headSha}`, '--']);
      const isIn = shas.split('\n').includes(parameters.commit_sha ?? '');
      if (isIn || pull.mergeCommitSha === parameters.commit_sha) found.push(issue);
    }
    return page(call, found, (issue) => pullJson(hub, repository, issue));
  }),
};

function pullIn({ repository, parameters }: RepositoryCall): PullRequest {
  return pullOf(repository, Number(parameters.pull_number));
}

async function wholeJson({ hub, repository }: RepositoryCall, issue: PullRequest) {
  const details = await pullDetails(hub, repository, issue, await readMergeability(hub, repository, issue));
  return { ...pullJson(hub, repository, issue), ...details };
}
