import { expect, it } from 'vitest';
import { createGitHubServer } from '#infra/forge/github/server.ts';
import { fixedToken } from '#infra/forge/github/credentials.ts';
import { systemClock } from '#src/ports/clock.ts';
import { openGithub } from '#test/infra/github-stand-in/open-github.ts';
import { gitHubHarness } from './harness.ts';

const BRANCH = 'factory/7-add-greeting';

it('a repository without a commit says what to do', async () => {
  const { github } = await openGithub({ repositories: { 'acme/shop': { files: null } } });
  const credentials = fixedToken(github.people.ana.token().value);
  const server = createGitHubServer({ apiUrl: github.apiUrl, webUrl: github.url, credentials }, systemClock);
  await expect(server.inspect('github:acme/shop')).rejects.toMatchObject({
    code: 'repo-empty',
    fix: expect.stringContaining('first commit'),
  });
});

it('a base branch that was renamed is named, and nothing is made on another', async () => {
  const { github, workspace, repo, baseSha } = await gitHubHarness();
  await github.people.ana.push({ branch: 'trunk', files: {}, onto: baseSha });
  await github.people.ana.deleteBranch('main');
  await expect(workspace.refresh(repo)).rejects.toMatchObject({
    code: 'base-not-found',
    message: expect.stringContaining('main'),
  });
});

it('a rule that keeps the factory from its own branches is told in the words of GitHub', async () => {
  const { github, forge, repo, baseSha } = await gitHubHarness();
  github.people.ana.protect('factory/*', { pushers: ['ana'] });
  await expect(forge.createBranch(repo, BRANCH, baseSha)).rejects.toMatchObject({
    code: 'push-failed',
    message: expect.stringContaining('not authorized to push'),
  });
  expect(await github.head(BRANCH)).toBeNull();
});

it('a base that takes nothing but reviewed changes has its merge wait, in the words of GitHub', async () => {
  const { github, forge, repo, baseSha, work, merge } = await gitHubHarness();
  github.people.ana.protect('main', { kind: 'ruleset', requiredChecks: ['build'] });
  await forge.createBranch(repo, BRANCH, baseSha);
  const headSha = await work(baseSha, { 'greeting.txt': 'hello\n' });
  await forge.push(repo, BRANCH, baseSha, headSha);
  const draft = { taskId: 'task-7', title: 'Add a greeting', body: 'It greets.', branch: BRANCH, headSha };
  const pullRequest = await forge.openPullRequest(repo, draft);
  const approved = { headSha, baseSha, mergeSha: await merge(baseSha, headSha) };
  const reason = expect.stringContaining('Required status check "build" is expected');
  expect(await forge.merge(repo, pullRequest, approved)).toMatchObject({ outcome: 'waits', reason });
});
