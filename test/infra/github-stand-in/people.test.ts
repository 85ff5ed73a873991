import { expect, it } from 'vitest';
import { openGithub } from './open-github.ts';

it('people act in any repository, and what the rules forbid them throws', async () => {
  const { github } = await openGithub({ repositories: { 'acme/shop': {}, 'acme/docs': { files: null } } });
  const { ana, ben } = github.people;
  const inDocs = ben.in('acme/docs');
  const first = await inDocs.push({ branch: 'main', files: { 'README.md': '# Docs\n' } });
  expect(await github.head('main')).not.toBe(first);
  expect(inDocs.openIssue({ title: 'x' }).number).toBe(1);
  expect(github.repository('acme/docs').issues.size).toBe(1);
  expect(github.repository().issues.size).toBe(0);
  await ben.push({ branch: 'topic', files: { a: '1' } });
  const { number } = await ben.openPull({ head: 'topic', base: 'main', title: 'x' });
  await expect(ben.review(number, 'APPROVE')).rejects.toThrow('Unprocessable Entity');
  ana.protect('main', { requiredApprovals: 1 });
  await expect(ben.merge(number)).rejects.toThrow('approving review');
  await ana.review(number, 'APPROVE');
  await ben.merge(number);
  await expect(ben.deleteBranch('nowhere')).rejects.toThrow('There is no branch nowhere');
  expect(() => ana.in('acme/nothing')).toThrow('has no repository acme/nothing');
});

it('CI reports on every push that it is told to look at, and on nothing else', async () => {
  const { github } = await openGithub();
  const { ben } = github.people;
  let isGreen = false;
  github.ci.onPush((branch) => (branch === 'topic' ? { conclusion: isGreen ? 'success' : 'failure' } : null));
  const red = await ben.push({ branch: 'topic', files: { a: '1' } });
  isGreen = true;
  const green = await ben.push({ branch: 'topic', files: { a: '2' } });
  await ben.push({ branch: 'main', files: { b: '1' } });
  await ben.deleteBranch('topic');
  await github.ci.settled();
  expect(github.repository().checkRuns.map(({ headSha, conclusion }) => [headSha, conclusion])).toEqual([
    [red, 'failure'],
    [green, 'success'],
  ]);
});

it('keeps what it was asked, by whom, and what it answered', async () => {
  const { github, app, octokitFor } = await openGithub();
  await app.repos.get({ owner: 'acme', repo: 'shop' });
  await octokitFor('nonsense')
    .repos.get({ owner: 'acme', repo: 'shop' })
    .catch(() => undefined);
  expect(github.callsTo('repos/get').map(({ who, status }) => [who, status])).toEqual([
    ['workbench[bot]', 200],
    [null, 401],
  ]);
  expect(github.calls).toHaveLength(2);
});
