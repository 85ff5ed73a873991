import { describe, expect, it } from 'vitest';
import type { Protection } from '#test/support/github/hub/types.ts';
import { openGithub, refusal, SHOP } from './open-github.ts';

/** A pull request of Ben's that could be merged, were it not for what a test adds. */
async function opened(rules: Partial<Omit<Protection, 'id' | 'branch'>> | null = null) {
  const open = await openGithub();
  const { ana, ben } = open.github.people;
  if (rules !== null) ana.protect('main', rules);
  const sha = await ben.push({ branch: 'topic', files: { a: '1\n' }, message: 'Add a' });
  const { number } = await ben.openPull({ head: 'topic', base: 'main', title: 'Add a', body: 'Fixes #7' });
  const merge = (wish: object = {}) => open.app.pulls.merge({ ...SHOP, pull_number: number, ...wish });
  return { ...open, sha, number, merge };
}

describe('the head', () => {
  it('must be where the merge expects it: 409', async () => {
    const { github, sha, number, merge } = await opened();
    const before = await github.head('main');
    const moved = await github.people.ben.push({ branch: 'topic', files: { b: '1' } });
    const refused = await refusal(merge({ sha }));
    expect(refused.status).toBe(409);
    expect(refused.message).toContain('Head branch was modified');
    expect(await github.head('main')).toBe(before);
    const { data } = await merge({ sha: moved });
    expect(data).toMatchObject({ merged: true, sha: await github.head('main') });
    expect(github.pull(number).pull.mergeCommitSha).toBe(data.sha);
    expect((await refusal(merge({ sha: moved }))).status).toBe(405);
  });
});

describe('the way it merges', () => {
  it.each([
    { method: 'merge', subjects: ['Merge pull request #1 from acme/topic', 'Add a', 'First'], parents: 2 },
    { method: 'squash', subjects: ['Add a (#1)', 'First'], parents: 1 },
    { method: 'rebase', subjects: ['Add a', 'First'], parents: 1 },
  ] as const)('by $method', async ({ method, subjects, parents }) => {
    const { github, merge } = await opened();
    const { data } = await merge({ merge_method: method });
    expect((await github.git('log', '--topo-order', '--format=%s', 'main')).split('\n')).toEqual(subjects);
    expect((await github.git('rev-list', '--parents', '--max-count=1', data.sha)).split(' ')).toHaveLength(parents + 1);
  });

  it('takes the title and the message that it is given, and closes what it fixes', async () => {
    const { github, sha } = await opened();
    const issue = github.people.ana.openIssue({ title: 'No a' });
    github.people.ben.editIssue(1, { body: `Closes #${issue.number}` });
    await github.people.ana.merge(1, { sha, title: 'A title', message: 'Co-authored-by: Ana <ana@example.com>' });
    expect(await github.git('log', '--format=%B', '-1', 'main')).toContain('A title\n\nCo-authored-by: Ana');
    expect(issue).toMatchObject({ state: 'closed', stateReason: 'completed' });
  });
});

describe('what it is refused for: 405', () => {
  it('a draft', async () => {
    const { github, app } = await openGithub();
    await github.people.ben.push({ branch: 'topic', files: { a: '1' } });
    const { data } = await app.pulls.create({ ...SHOP, head: 'topic', base: 'main', title: 'x', draft: true });
    const refused = await refusal(app.pulls.merge({ ...SHOP, pull_number: data.number }));
    expect(refused).toMatchObject({ status: 405 });
    expect(refused.message).toContain('still a draft');
  });

  it('a conflict', async () => {
    const { github, merge } = await opened();
    await github.people.ben.push({ branch: 'main', files: { a: '2\n' } });
    const refused = await refusal(merge());
    expect(refused.status).toBe(405);
    expect(refused.message).toContain('not mergeable');
  });

  it('being closed', async () => {
    const { github, number, merge } = await opened();
    github.people.ana.close(number);
    expect((await refusal(merge())).status).toBe(405);
  });

  it('a check that is missing, running or red, on this very commit', async () => {
    const { github, number, merge } = await opened({ requiredChecks: ['test'] });
    expect((await refusal(merge())).message).toContain('"test" is expected');
    const run = await github.ci.start(number);
    expect((await refusal(merge())).message).toContain('"test" is expected');
    github.ci.finish(run, { conclusion: 'failure' });
    expect((await refusal(merge())).message).toContain('"test" is failing');
    await github.ci.report(number, { conclusion: 'success' });
    await github.people.ben.push({ branch: 'topic', files: { b: '1' } });
    expect((await refusal(merge())).message).toContain('"test" is expected');
    await github.ci.report(number, { conclusion: 'success' });
    expect((await merge()).data.merged).toBe(true);
  });

  it('a status of that name too', async () => {
    const { github, sha, merge, octokitFor } = await opened({ requiredChecks: ['deploy'] });
    const deployer = octokitFor(github.people.ana.token({ permissions: { statuses: 'write' } }));
    const say = (state: 'error' | 'success') =>
      deployer.repos.createCommitStatus({ ...SHOP, sha, state, context: 'deploy' });
    await say('error');
    expect((await refusal(merge())).message).toContain('"deploy" is failing');
    await say('success');
    expect((await merge()).data.merged).toBe(true);
  });

  it('a base that moved on, where the branch must hold it', async () => {
    const { github, merge } = await opened({ isStrict: true });
    await github.people.ana.push({ branch: 'main', files: { z: '1' } });
    expect((await refusal(merge())).message).toContain('out-of-date');
  });

  it('in the words of a ruleset where there is one', async () => {
    const { github, number, merge } = await opened({ kind: 'ruleset', requiredApprovals: 1 });
    expect((await refusal(merge())).message).toContain('Repository rule violations found');
    await github.people.ana.review(number, 'APPROVE');
    expect((await merge()).data.merged).toBe(true);
  });
});
