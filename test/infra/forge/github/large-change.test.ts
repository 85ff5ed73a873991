import { expect, it } from 'vitest';
import { gitHubHarness } from './harness.ts';

const BRANCH = 'factory/7-add-greeting';
const MB = 1024 * 1024;

it('a change of thousands of files, one of them of 50 MB, is hashed whole and shown within a bound', async () => {
  const { github, forge, repo, workspace, baseSha } = await gitHubHarness();
  const many = Array.from({ length: 2_000 }, (_, number) => [`data/${number}.txt`, `${number}\n`] as const);
  const files = { ...Object.fromEntries(many), 'large.txt': 'a line of a large file\n'.repeat((50 * MB) / 23) };
  const headSha = await github.people.ben.push({ branch: BRANCH, files });
  await workspace.refresh(repo);
  const facts = await workspace.diff(repo, baseSha, headSha);
  expect(facts.files).toHaveLength(2_001);
  expect(facts.diffHash).toMatch(/^[0-9a-f]{64}$/);
  const { text, truncated } = await workspace.diffText(repo, baseSha, headSha, 2 * MB);
  expect(truncated).toBe(true);
  expect(text.length).toBeLessThanOrEqual(2 * MB);
  const draft = { taskId: 'task-7', title: 'x'.repeat(300), body: 'y'.repeat(100_000), branch: BRANCH, headSha };
  const pullRequest = await forge.openPullRequest(repo, draft);
  const shown = github.issue(pullRequest.number);
  expect([shown.title.length, shown.body?.length]).toEqual([256, 65_536]);
  // The same again changes nothing.
  expect(await forge.openPullRequest(repo, draft)).toEqual(pullRequest);
  expect(github.callsTo('pulls/update')).toEqual([]);
});
