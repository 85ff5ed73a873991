import { describe, expect, it } from 'vitest';
import { githubDescription } from '#test/support/github/openapi/description.ts';
import { findOperation } from '#test/support/github/openapi/checked-operation.ts';
import { payloadFault } from '#test/support/github/openapi/checked-payload.ts';
import type { StandInGitHub } from '#test/support/github/start-github.ts';
import { openGithub, refusal, SHOP } from './open-github.ts';
import { receiveWebhooks } from './receive-webhooks.ts';

/** Once all that was to be sent was sent, and looked at on the way. */
async function violations(github: Pick<StandInGitHub<string, string>, 'settled' | 'violations'>): Promise<string[]> {
  await github.settled();
  return github.violations;
}

describe('every call that the stand-in knows is answered as GitHub describes it', () => {
  it('repositories, branches, contents and refs', async () => {
    const { github, app, ana, octokitFor } = await openGithub();
    const inbox = await receiveWebhooks(github);
    const { people } = github;
    const sha = await people.ben.push({ branch: 'factory/1', files: { 'src/cart.js': 'export const cart = [];\n' } });
    people.ana.protect('main', { requiredChecks: ['test'], requiredApprovals: 1 });
    people.ana.protect('release/*', { kind: 'ruleset', requiredChecks: ['test'], requiredApprovals: 1 });
    await app.repos.get(SHOP);
    await app.repos.getCollaboratorPermissionLevel({ ...SHOP, username: 'ben' });
    await app.repos.listCollaborators(SHOP);
    await app.repos.checkCollaborator({ ...SHOP, username: 'ben' });
    await app.repos.getContent({ ...SHOP, path: 'README.md' });
    await app.repos.getContent({ ...SHOP, path: '' });
    await app.repos.getContent({ ...SHOP, path: 'src', ref: 'factory/1' });
    await app.repos.getCommit({ ...SHOP, ref: sha });
    await app.repos.listCommits({ ...SHOP, sha: 'factory/1' });
    await app.repos.compareCommitsWithBasehead({ ...SHOP, basehead: 'main...factory/1' });
    await app.repos.listBranches(SHOP);
    await app.repos.getBranch({ ...SHOP, branch: 'main' });
    await app.repos.getBranch({ ...SHOP, branch: 'factory/1' });
    await app.repos.getBranchRules({ ...SHOP, branch: 'release/1' });
    const rulesets = await app.repos.getRepoRulesets(SHOP);
    await app.repos.getRepoRuleset({ ...SHOP, ruleset_id: rulesets.data[0]?.id ?? 0 });
    const admin = octokitFor(people.ana.token({ permissions: { administration: 'read' } }));
    await admin.repos.getBranchProtection({ ...SHOP, branch: 'main' });
    await app.git.getRef({ ...SHOP, ref: 'heads/factory/1' });
    await app.git.listMatchingRefs({ ...SHOP, ref: 'heads/factory/' });
    await app.git.createRef({ ...SHOP, ref: 'refs/heads/factory/2', sha });
    await app.git.updateRef({ ...SHOP, ref: 'heads/factory/2', sha });
    await app.git.deleteRef({ ...SHOP, ref: 'heads/factory/2' });
    await ana.users.getAuthenticated();
    await app.users.getByUsername({ username: 'ben' });
    await app.apps.listReposAccessibleToInstallation();
    await app.rateLimit.get();
    people.ana.renameRepository('store');
    people.ana.archive();
    expect(await violations(github)).toEqual([]);
    expect(inbox.names()).toEqual(['push', 'push', 'push', 'repository.renamed', 'repository.archived']);
  });

  it('issues, comments and labels', async () => {
    const { github, app } = await openGithub();
    const inbox = await receiveWebhooks(github);
    const { number } = github.people.ana.openIssue({ title: 'A cart', body: 'Please', labels: ['factory'] });
    const issue = { ...SHOP, issue_number: number };
    await app.issues.get(issue);
    await app.issues.listForRepo({ ...SHOP, labels: 'factory', since: '2020-01-01T00:00:00Z' });
    await app.issues.update({ ...issue, labels: ['factory', 'bug'], title: 'A small cart' });
    await app.issues.addLabels({ ...issue, labels: ['later'] });
    await app.issues.removeLabel({ ...issue, name: 'later' });
    await app.issues.setLabels({ ...issue, labels: ['factory'] });
    const { data: comment } = await app.issues.createComment({ ...issue, body: 'Hello' });
    await app.issues.updateComment({ ...SHOP, comment_id: comment.id, body: 'Hello again' });
    await app.issues.getComment({ ...SHOP, comment_id: comment.id });
    await app.issues.listComments(issue);
    await app.issues.listCommentsForRepo({ ...SHOP, sort: 'updated', direction: 'desc' });
    await app.issues.deleteComment({ ...SHOP, comment_id: comment.id });
    await app.issues.create({ ...SHOP, title: 'Another' });
    await app.issues.update({ ...issue, state: 'closed', state_reason: 'not_planned' });
    await app.issues.update({ ...issue, state: 'open' });
    await app.issues.listLabelsForRepo(SHOP);
    await app.issues.createLabel({ ...SHOP, name: 'new', color: 'ff0000' });
    await app.issues.getLabel({ ...SHOP, name: 'new' });
    expect(await violations(github)).toEqual([]);
    expect(new Set(inbox.names())).toEqual(
      new Set([
        ...['opened', 'edited', 'labeled', 'unlabeled', 'closed', 'reopened'].map((action) => `issues.${action}`),
        ...['created', 'edited', 'deleted'].map((action) => `issue_comment.${action}`),
      ]),
    );
  });

  it('pull requests, reviews, checks and statuses', async () => {
    const { github, app, ana, octokitFor } = await openGithub();
    const inbox = await receiveWebhooks(github);
    const { people, ci } = github;
    const sha = await people.ben.push({ branch: 'factory/1', files: { 'cart.js': 'export const cart = [];\n' } });
    const { data: made } = await app.pulls.create({
      ...SHOP,
      head: 'factory/1',
      base: 'main',
      title: 'Cart',
      draft: true,
    });
    const pull = { ...SHOP, pull_number: made.number };
    await app.pulls.get(pull);
    await app.pulls.list({ ...SHOP, state: 'all', head: 'acme:factory/1' });
    await app.pulls.update({ ...pull, title: 'The cart' });
    await app.pulls.listCommits(pull);
    await app.pulls.listFiles(pull);
    await app.pulls.requestReviewers({ ...pull, reviewers: ['ana'] });
    await app.repos.listPullRequestsAssociatedWithCommit({ ...SHOP, commit_sha: sha });
    people.ben.markReady(made.number);
    const run = await ci.start(made.number);
    const annotation = {
      path: 'cart.js',
      startLine: 1,
      endLine: 1,
      level: 'failure',
      title: null,
      message: 'no',
    } as const;
    ci.finish(run, { conclusion: 'failure', annotations: [annotation] });
    await app.checks.get({ ...SHOP, check_run_id: run.id });
    await app.checks.listAnnotations({ ...SHOP, check_run_id: run.id });
    await app.checks.listForRef({ ...SHOP, ref: sha });
    await app.checks.listSuitesForRef({ ...SHOP, ref: 'factory/1' });
    const { data: own } = await app.checks.create({ ...SHOP, name: 'factory', head_sha: sha, status: 'in_progress' });
    const output = { title: 'All is well', summary: 'Three checks' };
    await app.checks.update({ ...SHOP, check_run_id: own.id, conclusion: 'success', output });
    const deployer = octokitFor(people.ana.token({ permissions: { statuses: 'write' } }));
    await deployer.repos.createCommitStatus({ ...SHOP, sha, state: 'success', context: 'deploy' });
    await app.repos.listCommitStatusesForRef({ ...SHOP, ref: sha });
    await app.repos.getCombinedStatusForRef({ ...SHOP, ref: sha });
    const comments = [{ path: 'cart.js', line: 1, body: 'here' }];
    await people.ana.review(made.number, 'REQUEST_CHANGES', 'Smaller, please', { comments });
    const review = await ana.pulls.createReview({ ...pull, event: 'APPROVE', commit_id: sha });
    await app.pulls.listReviews(pull);
    await app.pulls.getReview({ ...pull, review_id: review.data.id });
    await app.pulls.listReviewComments(pull);
    await app.pulls.dismissReview({ ...pull, review_id: review.data.id, message: 'Too early' });
    await app.pulls.update({ ...pull, state: 'closed' });
    await app.pulls.update({ ...pull, state: 'open' });
    await app.pulls.merge({ ...pull, sha, merge_method: 'squash' });
    await app.pulls.checkIfMerged(pull);
    expect(await violations(github)).toEqual([]);
    expect(new Set(inbox.names())).toEqual(
      new Set([
        'push',
        ...['opened', 'edited', 'ready_for_review', 'closed', 'reopened'].map((action) => `pull_request.${action}`),
        ...['submitted', 'dismissed'].map((action) => `pull_request_review.${action}`),
        'pull_request_review_comment.created',
        ...['created', 'completed'].map((action) => `check_run.${action}`),
        'check_suite.completed',
        'status',
      ]),
    );
  });
});

describe('what GitHub does not describe', () => {
  it('tells of a parameter that it does not have, and refuses it', async () => {
    const { github, app } = await openGithub({ expectsViolations: true });
    const odd = { ...SHOP, labels: 'factory', sine: '2020-01-01T00:00:00Z' };
    expect((await refusal(app.issues.listForRepo(odd))).status).toBe(422);
    const odder = { ...SHOP, title: 'x', labelz: ['factory'] };
    expect((await refusal(app.issues.create(odder))).status).toBe(422);
    expect(github.violations).toEqual([
      'Request of issues/list-for-repo: issues/list-for-repo has no parameter sine',
      'Request of issues/create: issues/create takes no labelz',
    ]);
  });

  it('tells of a value of the wrong kind', async () => {
    const { github, app } = await openGithub({ expectsViolations: true });
    await refusal(app.request('GET /repos/{owner}/{repo}/issues', { ...SHOP, state: 'ajar' as 'open' }));
    await refusal(
      app.request('GET /repos/{owner}/{repo}/issues/{issue_number}', {
        ...SHOP,
        issue_number: 'one' as unknown as number,
      }),
    );
    expect(github.violations.map((one) => one.split(':')[0])).toEqual([
      'Request of issues/list-for-repo',
      'Request of issues/get',
    ]);
  });

  it('tells of a call that it does not know', async () => {
    const { github, app } = await openGithub({ expectsViolations: true });
    expect((await refusal(app.activity.listNotificationsForAuthenticatedUser())).status).toBe(404);
    expect(github.violations).toEqual(['The stand-in does not know GET /notifications.']);
  });

  it('finds what is missing in an answer or in a webhook', () => {
    const description = githubDescription();
    const merge = findOperation(description, 'pulls/merge');
    expect(merge.answerFault(200, { sha: 'a', merged: true })).toContain("required property 'message'");
    expect(merge.answerFault(200, { sha: 'a', merged: true, message: 'Merged' })).toBeNull();
    expect(merge.answerFault(202, {})).toBe('pulls/merge never answers 202');
    expect(() => findOperation(description, 'pulls/merge-all')).toThrow('GitHub has no operation pulls/merge-all');
    expect(payloadFault(description, 'issues', { action: 'opened' })).toContain('required property');
    expect(payloadFault(description, 'issues', { action: 'shouted' })).toBe('GitHub sends no issues-shouted');
  });
});
