import { expect, it } from 'vitest';
import { describeForge } from '#test/contracts/forge.ts';
import { localHarness } from './harness.ts';

describeForge('local forge', () => localHarness());

it('lands the very commit that was prepared, so that a repeat is byte for byte the same', async () => {
  const { forge, repo, baseSha, work, merge, head } = await localHarness();
  const branch = 'factory/7-add-greeting';
  await forge.createBranch(repo, branch, baseSha);
  const headSha = await work(baseSha, { 'greeting.txt': 'hello\n' });
  await forge.push(repo, branch, baseSha, headSha);
  const pullRequest = await forge.openPullRequest(repo, { taskId: 't', title: 't', body: '', branch, headSha });
  const mergeSha = await merge(baseSha, headSha);
  await forge.merge(repo, pullRequest, { headSha, baseSha, mergeSha });
  expect(await head('main')).toBe(mergeSha);
});
