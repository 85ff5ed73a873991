import { expect, it } from 'vitest';
import { openGithub, refusal, SHOP } from './open-github.ts';

it('pages a list with links that octokit follows', async () => {
  const { github, app } = await openGithub();
  for (let count = 1; count <= 5; count++)
    github.people.ana.openIssue({ title: `Issue ${count}`, labels: ['factory'] });
  const first = await app.issues.listForRepo({ ...SHOP, labels: 'factory', per_page: 2 });
  expect(first.headers.link).toMatch(/page=2>; rel="next".*page=3>; rel="last"/);
  expect(first.headers.link).toContain('labels=factory');
  const all = await app.paginate(app.issues.listForRepo, { ...SHOP, labels: 'factory', per_page: 2 });
  expect(all.map(({ title }) => title)).toEqual(['Issue 5', 'Issue 4', 'Issue 3', 'Issue 2', 'Issue 1']);
  expect((await app.issues.listForRepo({ ...SHOP, per_page: 2, page: 3 })).headers.link).not.toContain('rel="next"');
});

it('lists by state, label and time of the last change', async () => {
  let nowMs = Date.parse('2026-01-01T00:00:00Z');
  const { github, app } = await openGithub({ readMs: () => nowMs });
  const { ana } = github.people;
  const old = ana.openIssue({ title: 'old', labels: ['factory'] });
  ana.openIssue({ title: 'without a label' });
  ana.close(ana.openIssue({ title: 'closed', labels: ['factory'] }).number);
  nowMs += 1_800_000;
  const young = ana.openIssue({ title: 'young', labels: ['Factory', 'bug'] });
  const titles = async (query: object) =>
    (await app.issues.listForRepo({ ...SHOP, labels: 'factory', ...query })).data.map(({ title }) => title);
  expect(await titles({})).toEqual(['young', 'old']);
  expect(await titles({ state: 'all' })).toEqual(['young', 'closed', 'old']);
  expect(await titles({ since: '2026-01-01T00:30:00Z' })).toEqual(['young']);
  expect(await titles({ labels: 'factory,bug' })).toEqual(['young']);
  ana.comment(old.number, 'a word');
  expect(await titles({ since: '2026-01-01T00:30:00Z', sort: 'updated', direction: 'asc' })).toEqual(['old', 'young']);
  expect(young.labels.map(({ name }) => name)).toEqual(['factory', 'bug']);
});

it('has pull requests among the issues, and says which they are', async () => {
  const { github, app } = await openGithub();
  github.people.ana.openIssue({ title: 'issue' });
  await github.people.ben.push({ branch: 'topic', files: { a: '1' } });
  await github.people.ben.openPull({ head: 'topic', base: 'main', title: 'pull' });
  const { data } = await app.issues.listForRepo(SHOP);
  expect(data.map((one) => [one.number, one.title, one.pull_request !== undefined])).toEqual([
    [2, 'pull', true],
    [1, 'issue', false],
  ]);
  expect((await app.issues.createComment({ ...SHOP, issue_number: 2, body: 'hi' })).data.html_url).toContain(
    '/pull/2#',
  );
});

it('says how close a writer is to the repository', async () => {
  const { github, app, octokitFor } = await openGithub({
    people: { ana: {}, ben: {} },
    repositories: { 'acme/shop': { isPublic: true, levels: { ana: 'admin' } } },
  });
  github.people.ana.openIssue({ title: 'by a member' });
  github.people.ben.openIssue({ title: 'by a stranger' });
  github.people.ben.comment(1, 'me too');
  const ben = octokitFor(github.people.ben.token());
  const { data } = await ben.issues.create({ ...SHOP, title: 'labelled by a stranger', labels: ['factory'] });
  expect(data.labels).toEqual([]);
  const issues = (await app.issues.listForRepo({ ...SHOP, direction: 'asc' })).data;
  expect(issues.map((one) => one.author_association)).toEqual(['MEMBER', 'NONE', 'NONE']);
  expect((await app.issues.listComments({ ...SHOP, issue_number: 1 })).data[0]?.author_association).toBe('NONE');
  expect((await refusal(ben.issues.addLabels({ ...SHOP, issue_number: 3, labels: ['factory'] }))).status).toBe(403);
});

it('tells the permission of anybody, in both of its spellings', async () => {
  const { github, app } = await openGithub();
  const level = async (username: string) =>
    (await app.repos.getCollaboratorPermissionLevel({ ...SHOP, username })).data;
  expect(await level('ana')).toMatchObject({ permission: 'admin', role_name: 'admin' });
  github.people.ana.setLevel('ben', 'maintain');
  expect(await level('ben')).toMatchObject({ permission: 'write', role_name: 'maintain' });
  github.people.ana.setLevel('ben', 'triage');
  expect(await level('ben')).toMatchObject({ permission: 'read', role_name: 'triage' });
  github.people.ana.setLevel('ben', 'none');
  expect(await level('ben')).toMatchObject({ permission: 'none' });
  expect((await refusal(level('nobody'))).status).toBe(404);
});

it('refuses empty and endless comments, and any in a locked conversation of a stranger', async () => {
  const { github, app, octokitFor } = await openGithub({
    repositories: { 'acme/shop': { isPublic: true, levels: { ana: 'admin' } } },
  });
  const { number } = github.people.ana.openIssue({ title: 'x' });
  const say = (octokit: typeof app, body: string) =>
    octokit.issues.createComment({ ...SHOP, issue_number: number, body });
  expect((await refusal(say(app, ' '))).status).toBe(422);
  expect((await refusal(say(app, 'x'.repeat(65_537)))).status).toBe(422);
  await say(app, 'x'.repeat(65_536));
  github.people.ana.lock(number);
  const stranger = octokitFor(github.people.ben.token());
  expect((await refusal(say(stranger, 'hello'))).status).toBe(403);
  const [{ id } = { id: 0 }] = github.issue(number).comments;
  const change = stranger.issues.updateComment({ ...SHOP, comment_id: id, body: 'mine now' });
  expect((await refusal(change)).status).toBe(403);
  expect(github.issue(number).comments).toHaveLength(1);
});
