import { expect, it } from 'vitest';
import { keepQuiet } from '#infra/forge/github/keep-quiet.ts';
import { type GitHubClient, withAsk } from '#infra/forge/github/create-client.ts';

it('GitHub is asked nothing while it wants to be left alone, and again afterwards: F22', async () => {
  let nowMs = Date.parse('2026-11-21T10:00:00.000Z');
  let calls = 0;
  const busy = { fault: { status: 403, message: 'secondary rate limit', waitMs: 60_000 } };
  const limited: Pick<GitHubClient, 'attempt'> = {
    attempt: async () => {
      calls += 1;
      return busy;
    },
  };
  const clientFor = keepQuiet(() => withAsk(limited.attempt), { now: () => new Date(nowMs) });
  const client = clientFor({ owner: 'acme', name: 'shop' }, 'issues');
  const other = clientFor({ owner: 'acme', name: 'other' }, 'issues');
  expect(await client.attempt(async () => 1)).toEqual(busy);
  nowMs += 59_000;
  await expect(other.ask('list issues', async () => 1)).rejects.toMatchObject({
    code: 'github-busy',
    message: 'GitHub takes no more requests for 1 s, so it did not list issues.',
  });
  expect(calls).toBe(1);
  nowMs += 1_000;
  await client.attempt(async () => 1);
  expect(calls).toBe(2);
});
