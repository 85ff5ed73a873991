import { expect, it } from 'vitest';
import { openGithub, refusal, SHOP } from './open-github.ts';

it('a renamed repository sends on, and a write is still a write', async () => {
  const { github, app, octokitFor } = await openGithub();
  github.people.ana.renameRepository('store');
  const direct = await fetch(`${github.apiUrl}/repos/acme/shop`, {
    headers: { authorization: `Bearer ${github.people.ana.token().value}`, 'user-agent': 'test' },
    redirect: 'manual',
  });
  expect(direct.status).toBe(301);
  expect(direct.headers.get('location')).toBe(`${github.apiUrl}/repositories/${github.repository().id}`);
  expect((await app.repos.get(SHOP)).data.full_name).toBe('acme/store');
  expect((await app.issues.create({ ...SHOP, title: 'x' })).data.url).toContain('/repos/acme/store/issues/1');
  expect((await app.issues.listForRepo({ owner: 'acme', repo: 'store' })).data).toHaveLength(1);
  const stranger = octokitFor(github.people.ben.token({ repositories: [] }));
  expect((await refusal(stranger.repos.get(SHOP))).status).toBe(404);
});

it('an archived repository is read and not written', async () => {
  const { github, app, ana } = await openGithub();
  const { number } = github.people.ana.openIssue({ title: 'x' });
  await github.people.ben.push({ branch: 'topic', files: { a: '1' } });
  const pull = await github.people.ben.openPull({ head: 'topic', base: 'main', title: 'x' });
  github.people.ana.archive();
  expect((await app.repos.get(SHOP)).data.archived).toBe(true);
  const writes = [
    app.issues.createComment({ ...SHOP, issue_number: number, body: 'x' }),
    app.issues.addLabels({ ...SHOP, issue_number: number, labels: ['x'] }),
    app.pulls.create({ ...SHOP, head: 'topic', base: 'main', title: 'x' }),
    app.pulls.merge({ ...SHOP, pull_number: pull.number }),
    ana.pulls.createReview({ ...SHOP, pull_number: pull.number, event: 'APPROVE' }),
    app.git.deleteRef({ ...SHOP, ref: 'heads/topic' }),
  ];
  for (const refused of await Promise.all(writes.map(refusal)))
    expect(refused).toMatchObject({ status: 403, data: { message: 'Repository was archived so is read-only.' } });
  github.people.ana.unarchive();
  await app.issues.createComment({ ...SHOP, issue_number: number, body: 'x' });
});
