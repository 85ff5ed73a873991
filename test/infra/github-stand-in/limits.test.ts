import { describe, expect, it } from 'vitest';
import { waitFor } from '#test/support/wait-for.ts';
import { openGithub, refusal, SHOP } from './open-github.ts';

describe('the primary limit', () => {
  it('counts the calls of an account and refuses when none are left, until the hour ends', async () => {
    const { github, app, ana, octokitFor } = await openGithub();
    github.limits.leave(github.apps.workbench.login, 2);
    const first = await app.repos.get(SHOP);
    expect(first.headers).toMatchObject({ 'x-ratelimit-limit': '5000', 'x-ratelimit-remaining': '1' });
    await app.repos.get(SHOP);
    const refused = await refusal(app.repos.get(SHOP));
    expect(refused.status).toBe(403);
    expect(refused.message).toContain('API rate limit exceeded');
    expect(refused.headers).toMatchObject({ 'x-ratelimit-remaining': '0', 'x-ratelimit-resource': 'core' });
    const resetS = Number(refused.headers['x-ratelimit-reset']);
    expect(resetS * 1000).toBeGreaterThan(github.clock.nowMs());
    // Others have calls of their own, and the question how many are left is free.
    await ana.repos.get(SHOP);
    expect((await app.rateLimit.get()).data.rate).toMatchObject({ remaining: 0, reset: resetS });
    github.limits.refusesWith = 429;
    expect((await refusal(app.repos.get(SHOP))).status).toBe(429);
    github.clock.advance(3_600_000);
    const later = octokitFor(github.apps.workbench.token());
    expect((await later.repos.get(SHOP)).headers['x-ratelimit-remaining']).toBe('4999');
  });
});

it('an unchanged answer is a 304 and costs no call', async () => {
  const { github, app } = await openGithub();
  github.people.ana.openIssue({ title: 'x' });
  const { headers } = await app.issues.listForRepo(SHOP);
  const again = () =>
    app.request('GET /repos/{owner}/{repo}/issues', { ...SHOP, headers: { 'if-none-match': headers.etag ?? '' } });
  const unchanged = await refusal(again());
  expect(unchanged.status).toBe(304);
  expect(unchanged.headers['x-ratelimit-used']).toBe(headers['x-ratelimit-used']);
  github.people.ana.comment(1, 'a word');
  expect((await again()).status).toBe(200);
});

describe('what goes wrong on request', () => {
  it('the secondary limit, with and without a time to wait, and nothing happens', async () => {
    const { github, app } = await openGithub();
    github.faults.secondaryLimit('issues/create', 7);
    const first = await refusal(app.issues.create({ ...SHOP, title: 'x' }));
    expect(first).toMatchObject({ status: 403, headers: { 'retry-after': '7' } });
    expect(first.message).toContain('secondary rate limit');
    github.faults.secondaryLimit('issues/create', null);
    const second = await refusal(app.issues.create({ ...SHOP, title: 'x' }));
    expect(second.headers['retry-after']).toBeUndefined();
    expect(github.repository().issues.size).toBe(0);
    await app.issues.create({ ...SHOP, title: 'x' });
    expect(github.callsTo('issues/create').map(({ status, fault }) => [status, fault])).toEqual([
      [403, 'secondary-limit'],
      [403, 'secondary-limit'],
      [201, null],
    ]);
  });

  it('a broken server, for as many calls as asked', async () => {
    const { github, app } = await openGithub();
    github.faults.status('*', 502, { times: 2 });
    expect((await refusal(app.repos.get(SHOP))).status).toBe(502);
    expect((await refusal(app.issues.create({ ...SHOP, title: 'x' }))).status).toBe(502);
    await app.repos.get(SHOP);
    expect(github.repository().issues.size).toBe(0);
  });

  it('an answer that is lost after the effect, and one cut off before it', async () => {
    const { github, app } = await openGithub();
    github.faults.loseAnswer('issues/create');
    expect((await refusal(app.issues.create({ ...SHOP, title: 'kept' }))).status).toBe(500);
    github.faults.cut('issues/create');
    expect((await refusal(app.issues.create({ ...SHOP, title: 'never' }))).status).toBe(500);
    const { data } = await app.issues.listForRepo(SHOP);
    expect(data.map(({ title }) => title)).toEqual(['kept']);
  });

  it('silence, before and after the effect, until the caller gives up', async () => {
    const { github, app } = await openGithub();
    const titles = () => [...github.repository().issues.values()].map(({ title }) => title);
    const giveUp = async (title: string, when: () => boolean) => {
      const waiting = new AbortController();
      const refused = refusal(app.issues.create({ ...SHOP, title, request: { signal: waiting.signal } }));
      await waitFor(when);
      waiting.abort();
      return refused;
    };
    github.faults.hang('issues/create');
    expect((await giveUp('never', () => github.callsTo('issues/create').length === 1)).status).toBe(500);
    github.faults.hangAfter('issues/create');
    expect((await giveUp('kept', () => titles().length === 1)).status).toBe(500);
    expect(titles()).toEqual(['kept']);
  });
});
