import { expect, it } from 'vitest';
import { openGithub, refusal, SHOP } from './open-github.ts';

const text = (content: string) => Buffer.from(content).toString('base64');

it('writes a file as a commit, over what the caller has seen and nothing else', async () => {
  const { github, app } = await openGithub();
  const file = { ...SHOP, path: 'factory/tasks/queue.json', message: 'A queue' };
  const made = await app.repos.createOrUpdateFileContents({ ...file, content: text('[]\n') });
  expect(made.status).toBe(201);
  const sha = made.data.content?.sha ?? '';
  expect(await github.git('show', 'main:factory/tasks/queue.json')).toBe('[]');
  const blind = await refusal(app.repos.createOrUpdateFileContents({ ...file, content: text('x') }));
  expect(blind.status).toBe(422);
  await app.repos.createOrUpdateFileContents({ ...file, sha, content: text('[1]\n') });
  const late = await refusal(app.repos.createOrUpdateFileContents({ ...file, sha, content: text('[2]\n') }));
  expect(late.status).toBe(409);
  expect(await github.git('show', 'main:factory/tasks/queue.json')).toBe('[1]');
  github.people.ana.protect('main', { requiresPullRequest: true });
  const other = { ...SHOP, path: 'b', message: 'x', content: text('x') };
  expect((await refusal(app.repos.createOrUpdateFileContents(other))).status).toBe(409);
});

it('brings a branch up to date with its base, once, from the head that the caller knows', async () => {
  const { github, app } = await openGithub();
  const { ben } = github.people;
  const sha = await ben.push({ branch: 'topic', files: { a: '1' } });
  const { number } = await ben.openPull({ head: 'topic', base: 'main', title: 'x' });
  const pull = { ...SHOP, pull_number: number };
  expect((await refusal(app.pulls.updateBranch(pull))).message).toContain('no new commits');
  const base = await ben.push({ branch: 'main', files: { b: '1' } });
  expect((await refusal(app.pulls.updateBranch({ ...pull, expected_head_sha: base }))).status).toBe(422);
  expect((await app.pulls.updateBranch({ ...pull, expected_head_sha: sha })).status).toBe(202);
  const { headSha } = github.pull(number).pull;
  expect(await github.git('rev-list', '--parents', '--max-count=1', headSha)).toBe(`${headSha} ${sha} ${base}`);
});

it('keeps one reaction of a kind from each account', async () => {
  const { github, app, ana } = await openGithub();
  github.people.ana.openIssue({ title: 'x' });
  const { id } = github.people.ana.comment(1, 'a word');
  const issue = { ...SHOP, issue_number: 1, content: 'eyes' } as const;
  expect((await app.reactions.createForIssue(issue)).status).toBe(201);
  expect((await app.reactions.createForIssue(issue)).status).toBe(200);
  await ana.reactions.createForIssue(issue);
  await app.reactions.createForIssueComment({ ...SHOP, comment_id: id, content: '+1' });
  const { data } = await app.reactions.listForIssue({ ...SHOP, issue_number: 1 });
  expect(data.map(({ user, content }) => [user?.login, content])).toEqual([
    ['workbench[bot]', 'eyes'],
    ['ana', 'eyes'],
  ]);
  expect((await app.reactions.listForIssueComment({ ...SHOP, comment_id: id })).data).toHaveLength(1);
  expect((await app.issues.get({ ...SHOP, issue_number: 1 })).data.reactions).toMatchObject({
    eyes: 2,
    total_count: 2,
  });
});
