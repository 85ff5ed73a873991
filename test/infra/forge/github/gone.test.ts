import { describe, expect, it } from 'vitest';
import { createGitHubIssues } from '#infra/forge/github/issues.ts';
import type { FactoryError } from '#src/errors.ts';
import { gitHubHarness } from './harness.ts';

const BRANCH = 'factory/7-add-greeting';
const RENAMED = { code: 'repo-renamed', retryable: false };
const ARCHIVED = { code: 'repo-archived', retryable: false };

async function withPullRequest(asApp: boolean) {
  const harness = await gitHubHarness({ asApp });
  const { forge, repo, baseSha, options } = harness;
  await forge.createBranch(repo, BRANCH, baseSha);
  const headSha = await harness.work(baseSha, { 'greeting.txt': 'hello\n' });
  await forge.push(repo, BRANCH, baseSha, headSha);
  const draft = { taskId: 'task-7', title: 'Add a greeting', body: 'It greets.', branch: BRANCH, headSha };
  const pullRequest = await forge.openPullRequest(repo, draft);
  const issues = createGitHubIssues(options, options.clock);
  return { ...harness, headSha, draft, pullRequest, issues };
}

describe.each([
  ['with a token', false],
  ['through an App', true],
])('a repository that is not what it was, %s', (_how, asApp) => {
  it('and was renamed is not followed, in pull requests, git and issues', async () => {
    const { github, forge, workspace, repo, draft, headSha, pullRequest, issues, work } = await withPullRequest(asApp);
    const next = await work(headSha, { 'more.txt': 'more\n' });
    github.people.ana.renameRepository('store');
    // The App's tokens end with the hour; the next ones are asked for by the old name.
    if (asApp) github.clock.advance(61 * 60_000);
    const before = github.calls.length;
    for (const call of [
      () => forge.readPullRequest(repo, pullRequest),
      () => forge.openPullRequest(repo, { ...draft, title: 'Other' }),
      () => forge.closePullRequest(repo, pullRequest),
      () => forge.branchHead(repo, BRANCH),
      () => forge.push(repo, BRANCH, headSha, next),
      () => workspace.refresh(repo),
    ])
      await expect(call()).rejects.toMatchObject(RENAMED);
    const writes = github.calls.slice(before).filter(({ method }) => method !== 'GET');
    expect(writes.filter(({ operation }) => operation !== 'apps/create-installation-access-token')).toEqual([]);
    await expect(forge.readPullRequest(repo, pullRequest)).rejects.toMatchObject({
      // An App without a token is not told the name.
      fix: expect.stringContaining(asApp ? 'by the name that it has now' : 'github:acme/store'),
    });
    const look = { label: 'factory', since: null, etag: null, page: 1 };
    await expect(issues.changed(repo.path, look)).rejects.toMatchObject(RENAMED);
    await expect(issues.comment(repo.path, 1, 'Hello')).rejects.toMatchObject(RENAMED);
    expect(await issues.read(repo.path, pullRequest.number)).toBe('absent');
  });

  it('and was archived is read and not written, and says so in each place', async () => {
    const { github, forge, workspace, repo, draft, headSha, pullRequest, issues, work } = await withPullRequest(asApp);
    const next = await work(headSha, { 'more.txt': 'more\n' });
    github.people.ana.archive();
    expect(await forge.readPullRequest(repo, pullRequest)).toMatchObject({ state: 'open' });
    await workspace.refresh(repo);
    for (const call of [
      () => forge.openPullRequest(repo, { ...draft, title: 'Other' }),
      () => forge.closePullRequest(repo, pullRequest),
      () => forge.push(repo, BRANCH, headSha, next),
      () => issues.comment(repo.path, pullRequest.number, 'Hello'),
      () => workspace.inspect(repo.path),
    ]) {
      const refused = await call().catch((error: unknown) => error);
      expect(refused).toMatchObject(ARCHIVED);
      expect((refused as FactoryError).fix).toMatch(/archive/);
    }
    expect(await github.head(BRANCH)).toBe(headSha);
  });
});

it('a repository that GitHub closed is said to be closed', async () => {
  const { github, forge, repo, pullRequest } = await withPullRequest(false);
  github.faults.add('pulls/get', { kind: 'status', status: 403, message: 'Repository access blocked' });
  await expect(forge.readPullRequest(repo, pullRequest)).rejects.toMatchObject({ code: 'repo-disabled' });
});
