import { describe, expect, it } from 'vitest';
import type { StandInGitHub } from '#test/support/github/start-github.ts';
import { openGithub, SHOP } from './open-github.ts';

type Github = Pick<StandInGitHub<string, 'workbench'>, 'url' | 'apps'>;

async function ask(github: Github, path: string, body: Record<string, string>): Promise<Record<string, unknown>> {
  const response = await fetch(`${github.url}${path}`, {
    method: 'POST',
    headers: { accept: 'application/json', 'content-type': 'application/json' },
    body: JSON.stringify({ client_id: github.apps.workbench.clientId, ...body }),
  });
  expect(response.status).toBe(200);
  return (await response.json()) as Record<string, unknown>;
}

async function started() {
  const open = await openGithub();
  const { github } = open;
  const device = await ask(github, '/login/device/code', {});
  const claim = () =>
    ask(github, '/login/oauth/access_token', {
      device_code: String(device.device_code),
      grant_type: 'urn:ietf:params:oauth:grant-type:device_code',
    });
  return { ...open, device, claim, later: () => github.clock.advance(5_000) };
}

describe('a person links their account', () => {
  it('by a code, and the app then acts as them, within what both may do', async () => {
    const { github, device, claim, later, octokitFor } = await started();
    expect(device).toMatchObject({ interval: 5, expires_in: 900, user_code: expect.stringMatching(/^.{4}-.{4}$/) });
    expect(await claim()).toEqual({ error: 'authorization_pending' });
    github.people.ben.enterCode(String(device.user_code));
    later();
    const granted = await claim();
    expect(granted).toMatchObject({ token_type: 'bearer', access_token: expect.stringMatching(/^ghu_/) });
    const asBen = octokitFor(String(granted.access_token));
    expect((await asBen.users.getAuthenticated()).data.login).toBe('ben');
    await github.people.ana.push({ branch: 'topic', files: { a: '1' } });
    const { number } = await github.people.ana.openPull({ head: 'topic', base: 'main', title: 'x' });
    await asBen.pulls.createReview({ ...SHOP, pull_number: number, event: 'APPROVE' });
    expect(github.pull(number).pull.reviews.map(({ author }) => author.login)).toEqual(['ben']);
    later();
    expect(await claim()).toEqual({ error: 'incorrect_device_code' });
  });

  it('and is told to slow down when asked too often', async () => {
    const { claim, later } = await started();
    await claim();
    expect(await claim()).toEqual({ error: 'slow_down', interval: 10 });
    later();
    expect(await claim()).toEqual({ error: 'slow_down', interval: 15 });
  });

  it('or denies it, or lets it expire', async () => {
    const { github, device, claim, later } = await started();
    github.people.ben.denyCode(String(device.user_code));
    expect(await claim()).toEqual({ error: 'access_denied' });
    later();
    github.clock.advance(900_000);
    expect(await claim()).toEqual({ error: 'expired_token' });
  });

  it('not for an app that GitHub does not know, and answers with a form unless asked for JSON', async () => {
    const { github } = await openGithub();
    const body = new URLSearchParams({ client_id: 'Iv1.nobody' });
    const response = await fetch(`${github.url}/login/device/code`, { method: 'POST', body });
    expect(await response.text()).toBe('error=incorrect_client_credentials');
  });
});

it('where its tokens end, a refresh token makes new ones, once', async () => {
  const { github, octokitFor } = await openGithub({ apps: { workbench: { userTokensExpire: true } } });
  const device = await ask(github, '/login/device/code', {});
  github.people.ben.enterCode(String(device.user_code));
  const first = await ask(github, '/login/oauth/access_token', {
    device_code: String(device.device_code),
    grant_type: 'urn:ietf:params:oauth:grant-type:device_code',
  });
  expect(first).toMatchObject({ expires_in: 28_800, refresh_token: expect.stringMatching(/^ghr_/) });
  github.clock.advance(28_800_000);
  const asBen = (grant: Record<string, unknown>) => octokitFor(String(grant.access_token)).users.getAuthenticated();
  await expect(asBen(first)).rejects.toMatchObject({ status: 401 });
  const renew = () =>
    ask(github, '/login/oauth/access_token', {
      grant_type: 'refresh_token',
      refresh_token: String(first.refresh_token),
    });
  expect((await asBen(await renew())).data.login).toBe('ben');
  expect(await renew()).toEqual({ error: 'bad_refresh_token' });
});
