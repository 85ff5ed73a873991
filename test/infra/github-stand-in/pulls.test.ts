import { describe, expect, it } from 'vitest';
import { openGithub, refusal, SHOP } from './open-github.ts';

const DRAFT = { ...SHOP, head: 'topic', base: 'main', title: 'Topic' };

describe('opening', () => {
  it('makes a draft, once for the same two branches', async () => {
    const { github, app } = await openGithub();
    await github.people.ben.push({ branch: 'topic', files: { a: '1' } });
    const { data } = await app.pulls.create({ ...DRAFT, draft: true, body: 'What and why' });
    expect(data).toMatchObject({ draft: true, state: 'open', additions: 1, changed_files: 1, commits: 1 });
    expect(data.user.login).toBe('workbench[bot]');
    const again = await refusal(app.pulls.create(DRAFT));
    expect(again.status).toBe(422);
    expect(again.data).toMatchObject({
      message: 'Validation Failed',
      errors: [{ resource: 'PullRequest', code: 'custom', message: 'A pull request already exists for acme:topic.' }],
    });
    github.people.ana.close(data.number);
    expect((await app.pulls.create(DRAFT)).data.number).toBe(data.number + 1);
  });

  it('refuses branches that are not there and branches without commits of their own', async () => {
    const { github, app } = await openGithub();
    const errors = async (draft: object) => (await refusal(app.pulls.create({ ...DRAFT, ...draft }))).data.errors;
    expect(await errors({})).toEqual([{ resource: 'PullRequest', field: 'head', code: 'invalid' }]);
    await github.people.ben.push({ branch: 'topic', files: { a: '1' } });
    expect(await errors({ base: 'nowhere' })).toEqual([{ resource: 'PullRequest', field: 'base', code: 'invalid' }]);
    expect(await errors({ head: 'main' })).toMatchObject([{ message: 'No commits between main and main' }]);
    expect(await errors({ head: 'stranger:topic' })).toMatchObject([{ field: 'head' }]);
  });

  it('finds the open one by its head', async () => {
    const { github, app } = await openGithub();
    for (const branch of ['one', 'two']) {
      await github.people.ben.push({ branch, files: { [branch]: '1' } });
      await app.pulls.create({ ...DRAFT, head: branch });
    }
    const found = (await app.pulls.list({ ...SHOP, head: 'acme:two' })).data;
    expect(found.map(({ head }) => head.ref)).toEqual(['two']);
    github.people.ana.close(2);
    expect((await app.pulls.list({ ...SHOP, head: 'acme:two' })).data).toEqual([]);
    expect((await app.pulls.list({ ...SHOP, head: 'acme:two', state: 'all' })).data).toHaveLength(1);
  });
});

describe('whether it merges', () => {
  it('is not known at first, and again after each push', async () => {
    const { github, app } = await openGithub({ mergeableAfterReads: 2 });
    await github.people.ben.push({ branch: 'topic', files: { a: '1' } });
    // The answer to the call that made it is a read as well.
    const pull_number = (await app.pulls.create(DRAFT)).data.number;
    const ask = async () => {
      const { mergeable, mergeable_state } = (await app.pulls.get({ ...SHOP, pull_number })).data;
      return [mergeable, mergeable_state];
    };
    expect(await ask()).toEqual([null, 'unknown']);
    expect(await ask()).toEqual([true, 'clean']);
    await github.people.ben.push({ branch: 'topic', files: { a: '2' } });
    expect([await ask(), await ask(), await ask()]).toEqual([
      [null, 'unknown'],
      [null, 'unknown'],
      [true, 'clean'],
    ]);
    await github.people.ben.push({ branch: 'main', files: { a: '3' } });
    expect([await ask(), await ask(), await ask()]).toEqual([
      [null, 'unknown'],
      [null, 'unknown'],
      [false, 'dirty'],
    ]);
  });

  it('says what stands in the way', async () => {
    const { github, app, ben } = await openGithub({ mergeableAfterReads: 0 });
    const { ana } = github.people;
    await github.people.ben.push({ branch: 'topic', files: { a: '1' } });
    const { data } = await app.pulls.create({ ...DRAFT, draft: true });
    const state = async () => (await app.pulls.get({ ...SHOP, pull_number: data.number })).data.mergeable_state;
    expect(await state()).toBe('draft');
    const query = `mutation($id: ID!) {
      markPullRequestReadyForReview(input: { pullRequestId: $id }) { pullRequest { isDraft } }
    }`;
    expect(await ben.graphql(query, { id: data.node_id })).toEqual({
      markPullRequestReadyForReview: { pullRequest: { isDraft: false } },
    });
    expect(await state()).toBe('clean');
    await github.ci.report(data.number, { conclusion: 'failure' });
    expect(await state()).toBe('unstable');
    ana.protect('main', { requiredChecks: ['test'] });
    expect(await state()).toBe('blocked');
    ana.protect('main', { isStrict: true });
    await github.people.ben.push({ branch: 'main', files: { b: '1' } });
    expect(await state()).toBe('behind');
  });
});

describe('its branches', () => {
  it('closes when its branch is deleted, and opens again only when the branch is back', async () => {
    const { github, app } = await openGithub();
    const { ana, ben } = github.people;
    const sha = await ben.push({ branch: 'topic', files: { a: '1' } });
    const { number } = await ben.openPull({ head: 'topic', base: 'main', title: 'x' });
    await ana.deleteBranch('topic');
    const pull = { ...SHOP, pull_number: number };
    expect((await app.pulls.get(pull)).data).toMatchObject({ state: 'closed', merged: false, head: { sha } });
    expect((await refusal(app.pulls.update({ ...pull, state: 'open' }))).status).toBe(422);
    await app.git.createRef({ ...SHOP, ref: 'refs/heads/topic', sha });
    expect((await app.pulls.update({ ...pull, state: 'open' })).data.state).toBe('open');
    ana.close(number);
    await ben.push({ branch: 'topic', files: { c: '1' }, onto: (await github.head('main')) ?? '' });
    expect((await refusal(app.pulls.update({ ...pull, state: 'open' }))).message).toContain('force-pushed');
  });

  it('follows a push and a force-push, and counts as merged when its base gets its commits', async () => {
    const { github, app } = await openGithub();
    const { ben } = github.people;
    await ben.push({ branch: 'topic', files: { a: '1' } });
    const { number } = await ben.openPull({ head: 'topic', base: 'main', title: 'x' });
    const read = async () => (await app.pulls.get({ ...SHOP, pull_number: number })).data;
    const second = await ben.push({ branch: 'topic', files: { b: '1' } });
    expect((await read()).head.sha).toBe(second);
    const forced = await ben.push({ branch: 'topic', files: { c: '1' }, onto: (await github.head('main')) ?? '' });
    expect(await read()).toMatchObject({ head: { sha: forced }, commits: 1 });
    await ben.push({ branch: 'main', files: { d: '1' }, onto: forced });
    expect(await read()).toMatchObject({ state: 'closed', merged: true });
  });
});

it('shows what changed: text, binary, renamed and removed files', async () => {
  const text = 'line\n'.repeat(20);
  const { github, app } = await openGithub({
    repositories: { 'acme/shop': { files: { 'old.txt': text, 'gone.txt': 'x\n', 'README.md': 'hello\n' } } },
  });
  const files = {
    'old.txt': null,
    'new.txt': text,
    'gone.txt': null,
    'README.md': 'hello you\n',
    'a.bin': Buffer.from([0, 1, 2, 0]),
  };
  await github.people.ben.push({ branch: 'topic', files });
  const { number } = await github.people.ben.openPull({ head: 'topic', base: 'main', title: 'x' });
  const { data } = await app.pulls.listFiles({ ...SHOP, pull_number: number });
  expect(
    Object.fromEntries(data.map((file) => [file.filename, [file.status, file.changes, file.patch !== undefined]])),
  ).toEqual({
    'README.md': ['modified', 2, true],
    'a.bin': ['added', 0, false],
    'gone.txt': ['removed', 1, true],
    'new.txt': ['renamed', 0, false],
  });
  expect(data.find(({ status }) => status === 'renamed')?.previous_filename).toBe('old.txt');
});
