import { describe, expect, it } from 'vitest';
import { gitHubHarness } from './harness.ts';

const BRANCH = 'factory/7-add-greeting';

async function withPullRequest() {
  const harness = await gitHubHarness();
  const { forge, repo, baseSha } = harness;
  await forge.createBranch(repo, BRANCH, baseSha);
  const headSha = await harness.work(baseSha, { 'greeting.txt': 'hello\n' });
  await forge.push(repo, BRANCH, baseSha, headSha);
  const draft = { taskId: 'task-7', title: 'Add a greeting', body: 'It greets.', branch: BRANCH, headSha };
  const pullRequest = await forge.openPullRequest(repo, draft);
  return { ...harness, headSha, read: () => forge.readChecks(repo, pullRequest, headSha) };
}

describe('checks on GitHub', () => {
  it('may still begin for a minute; then there are none, which is never called passed', async () => {
    const { github, read } = await withPullRequest();
    expect(await read()).toEqual({ state: 'pending', runs: [] });
    github.clock.advance(61_000);
    expect(await read()).toEqual({ state: 'none', runs: [] });
  });

  it('are pending while one runs, passed when all have, failed as soon as one has', async () => {
    const { github, headSha, read } = await withPullRequest();
    const build = await github.ci.start(headSha, 'build');
    const lint = await github.ci.start(headSha, 'lint');
    expect(await read()).toMatchObject({ state: 'pending' });
    github.ci.finish(build, { conclusion: 'success' });
    expect(await read()).toMatchObject({ state: 'pending' });
    github.ci.finish(lint, { conclusion: 'success' });
    const passed = await read();
    expect(passed?.state).toBe('passed');
    expect(passed?.runs.map(({ name }) => name).toSorted()).toEqual(['build', 'lint']);
    await github.ci.start(headSha, 'slow');
    await github.ci.report(headSha, { name: 'unit', conclusion: 'failure', title: 'Two fail', summary: 'a and b' });
    expect(await read()).toMatchObject({ state: 'failed' });
    expect((await read())?.runs.find(({ name }) => name === 'unit')).toMatchObject({
      state: 'failed',
      summary: 'Two fail\na and b',
    });
  });

  it.each([
    ['neutral', 'passed'],
    ['skipped', 'none'],
    ['cancelled', 'failed'],
    ['timed_out', 'failed'],
    ['action_required', 'failed'],
  ] as const)('that end as %s count as %s', async (conclusion, state) => {
    const { github, headSha, read } = await withPullRequest();
    await github.ci.report(headSha, { conclusion });
    expect((await read())?.state).toBe(state);
  });

  it('count on the commit that is asked about only', async () => {
    const { github, headSha, baseSha, read } = await withPullRequest();
    await github.ci.report(baseSha, { conclusion: 'failure' });
    await github.ci.report(headSha, { conclusion: 'success' });
    expect((await read())?.state).toBe('passed');
  });
});
