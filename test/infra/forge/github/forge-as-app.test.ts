import { expect, it } from 'vitest';
import { describeForge } from '#test/contracts/forge.ts';
import { tokensOf } from './app/with-app.ts';
import { gitHubHarness } from './harness.ts';

describeForge('GitHub, through an App', () => gitHubHarness({ asApp: true }));

it('a token that git is refused with is not used again, and the next try has another', async () => {
  const { github, workspace, repo, baseSha } = await gitHubHarness({ asApp: true });
  for (const token of tokensOf(github)) github.revoke(token);
  await expect(workspace.refresh(repo)).rejects.toMatchObject({ code: 'github-token-refused', retryable: true });
  expect(await workspace.refresh(repo)).toEqual({ baseSha });
});
