import { describe, expect, it } from 'vitest';
import { gitHubHarness } from './harness.ts';
import type { GitHubHarness } from './harness.ts';

const BRANCH = 'factory/7-add-greeting';

async function readyToOpen() {
  const harness = await gitHubHarness();
  const { forge, repo, baseSha } = harness;
  await forge.createBranch(repo, BRANCH, baseSha);
  const headSha = await harness.work(baseSha, { 'greeting.txt': 'hello\n' });
  await forge.push(repo, BRANCH, baseSha, headSha);
  const draft = { taskId: 'task-7', title: 'Add a greeting', body: 'It greets.', branch: BRANCH, headSha };
  return { ...harness, open: () => forge.openPullRequest(repo, draft) };
}

const limits: [string, (harness: GitHubHarness) => void, number][] = [
  ['a secondary limit that says how long', ({ github }) => github.faults.secondaryLimit('pulls/create', 30), 30_000],
  ['a secondary limit that does not say', ({ github }) => github.faults.secondaryLimit('pulls/create', null), 60_000],
  [
    'the primary limit, until its reset',
    ({ github }) => github.limits.leave(github.apps.workbench.login, 1),
    3_600_000,
  ],
];

describe('a limit of GitHub: F22', () => {
  it.each(limits)('%s, is waited for without another call, and then the work goes on', async (_what, limit, waitMs) => {
    const harness = await readyToOpen();
    const { github, open } = harness;
    // The limit lasts as long as the token of an app would.
    harness.token.expiresAtMs = null;
    limit(harness);
    await expect(open()).rejects.toMatchObject({ code: 'github-busy', retryable: true });
    const { length } = github.calls;
    github.clock.advance(waitMs - 10_000);
    await expect(open()).rejects.toMatchObject({ code: 'github-busy' });
    expect(github.calls).toHaveLength(length);
    github.clock.advance(11_000);
    expect(await open()).toMatchObject({ number: 1 });
  });
});
