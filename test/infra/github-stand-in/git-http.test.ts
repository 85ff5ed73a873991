import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { tryGit } from '#test/support/github/git/run-git.ts';
import type { Token } from '#test/support/github/hub/types.ts';
import { cloneOf, remoteUrl } from './clone-of.ts';
import { openGithub, SHOP } from './open-github.ts';

async function lsRemote(url: string): Promise<{ isDone: boolean; said: string }> {
  const { code, stdout, stderr } = await tryGit('/', ['ls-remote', url]);
  return { isDone: code === 0, said: stderr + stdout.toString('utf8') };
}

async function withClone(token?: Token) {
  const open = await openGithub();
  const url = remoteUrl(open.github.url, token ?? open.github.apps.workbench.token());
  return { ...open, url, clone: await cloneOf(url) };
}

describe('who gets in', () => {
  it('clones and pushes with a token, and the push is known to the API', async () => {
    const { github, app, clone } = await withClone();
    const sha = await clone.commit({ 'src/cart.js': 'export const cart = [];\n' });
    await clone.git('push', '--quiet', 'origin', 'HEAD:refs/heads/factory/1');
    expect((await app.git.getRef({ ...SHOP, ref: 'heads/factory/1' })).data.object.sha).toBe(sha);
    const { data } = await app.pulls.create({ ...SHOP, head: 'factory/1', base: 'main', title: 'x' });
    const again = await clone.commit({ 'src/cart.js': 'export const cart = [1];\n' });
    await clone.git('push', '--quiet', 'origin', 'HEAD:refs/heads/factory/1');
    expect(github.pull(data.number).pull).toMatchObject({ headSha: again, lastPusher: { login: 'workbench[bot]' } });
    await clone.git('fetch', '--quiet', 'origin', `refs/pull/${data.number}/head`);
    expect(await clone.git('rev-parse', 'FETCH_HEAD')).toBe(again);
  });

  it('asks for a password where it needs one, and takes no wrong one', async () => {
    const { github } = await openGithub({ repositories: { 'acme/shop': {}, 'acme/open': { isPublic: true } } });
    const ask = (token: Token | string | null, name?: string) => lsRemote(remoteUrl(github.url, token, name));
    expect((await ask(null)).said).toContain('could not read Username');
    expect((await ask('nonsense')).said).toContain('Authentication failed');
    const token = github.people.ana.token();
    expect((await ask(token)).isDone).toBe(true);
    github.revoke(token);
    expect((await ask(token)).said).toContain('Authentication failed');
    expect((await ask(null, 'acme/open')).isDone).toBe(true);
  });

  it('hides what a token does not reach, and refuses pushes of those who only read', async () => {
    const { github } = await openGithub({ repositories: { 'acme/shop': {}, 'acme/secret': {} } });
    const { workbench } = github.apps;
    const narrow = workbench.token({ repositories: ['acme/shop'] });
    expect((await lsRemote(remoteUrl(github.url, narrow, 'acme/secret'))).said).toContain('not found');
    const reader = await cloneOf(remoteUrl(github.url, workbench.token({ permissions: { contents: 'read' } })));
    await reader.commit({ a: '1' });
    const pushed = await reader.attempt('push', 'origin', 'HEAD:refs/heads/factory/1');
    expect(pushed.isDone).toBe(false);
    expect(pushed.said).toContain('403');
    const without = workbench.token({ permissions: { issues: 'write' } });
    expect((await lsRemote(remoteUrl(github.url, without))).isDone).toBe(false);
  });

  it('sends on from an old name, and takes nothing for what is archived', async () => {
    const { github, clone } = await withClone();
    await clone.commit({ a: '1' });
    github.people.ana.renameRepository('store');
    await clone.git('push', '--quiet', 'origin', 'HEAD:refs/heads/one');
    github.people.ana.archive();
    const pushed = await clone.attempt('push', 'origin', 'HEAD:refs/heads/two');
    expect(pushed).toMatchObject({ isDone: false, said: expect.stringContaining('403') });
    expect((await clone.attempt('fetch', 'origin')).isDone).toBe(true);
  });
});

describe('what may be pushed', () => {
  it('no protected branch, without a pull request; another one in the same push is taken', async () => {
    const { github, clone } = await withClone();
    const before = await github.head('main');
    github.people.ana.protect('main', { requiredApprovals: 1 });
    const sha = await clone.commit({ a: '1' });
    const pushed = await clone.attempt('push', 'origin', 'HEAD:main', 'HEAD:refs/heads/factory/1');
    expect(pushed.isDone).toBe(false);
    expect(pushed.said).toContain('GH006: Protected branch update failed for refs/heads/main.');
    expect(pushed.said).toContain('Changes must be made through a pull request.');
    expect([await github.head('main'), await github.head('factory/1')]).toEqual([before, sha]);
  });

  it('a branch of a ruleset only by those whom it lets', async () => {
    const { github, clone } = await withClone();
    github.people.ana.protect('release/*', { kind: 'ruleset', pushers: ['ana'] });
    await clone.commit({ a: '1' });
    const refused = await clone.attempt('push', 'origin', 'HEAD:refs/heads/release/1');
    expect(refused.said).toContain('GH013: Repository rule violations found for refs/heads/release/1.');
    const anas = remoteUrl(github.url, github.people.ana.token());
    expect((await clone.attempt('push', anas, 'HEAD:refs/heads/release/1')).isDone).toBe(true);
  });

  it('no force and no deletion where the branch is protected, and both where it is not', async () => {
    const { github, clone } = await withClone();
    const first = await github.head('main');
    await clone.commit({ a: '1' });
    await clone.git('push', '--quiet', 'origin', 'HEAD:main', 'HEAD:topic');
    github.people.ana.protect('main');
    await clone.git('reset', '--quiet', '--hard', first ?? '');
    await clone.commit({ b: '1' });
    const force = await clone.attempt('push', '--force', 'origin', 'HEAD:main');
    expect(force.said).toContain('Cannot force-push to this branch');
    github.people.ana.protect('kept');
    await clone.git('push', '--quiet', 'origin', 'HEAD:refs/heads/kept');
    expect((await clone.attempt('push', 'origin', ':kept')).said).toContain('Cannot delete this branch');
    expect((await clone.attempt('push', '--force', 'origin', 'HEAD:topic')).isDone).toBe(true);
    expect((await clone.attempt('push', 'origin', ':topic')).isDone).toBe(true);
    github.people.ana.unprotect('main');
    expect((await clone.attempt('push', '--force', 'origin', 'HEAD:main')).isDone).toBe(true);
    expect((await clone.attempt('push', 'origin', ':main')).said).toContain('refusing to delete the current branch');
  });

  it('nothing over what somebody else pushed, with a lease', async () => {
    const { github, clone } = await withClone();
    const mine = await clone.commit({ a: '1' });
    await clone.git('push', '--quiet', 'origin', 'HEAD:refs/heads/factory/1');
    const bens = await github.people.ben.push({ branch: 'factory/1', files: { b: '1' } });
    await clone.commit({ a: '2' });
    const lease = `--force-with-lease=refs/heads/factory/1:${mine}`;
    const refused = await clone.attempt('push', lease, 'origin', 'HEAD:refs/heads/factory/1');
    expect(refused).toMatchObject({ isDone: false, said: expect.stringContaining('stale info') });
    expect(await github.head('factory/1')).toBe(bens);
  });

  it('no workflow without the permission for it', async () => {
    const { github, clone } = await withClone();
    await clone.commit({ '.github/workflows/ci.yml': 'on: push\n' });
    const refused = await clone.attempt('push', 'origin', 'HEAD:refs/heads/factory/1');
    expect(refused.said).toContain('without `workflows` permission');
    const { workbench } = github.apps;
    const allowed = workbench.token({ permissions: { contents: 'write', workflows: 'write' } });
    const pushed = await clone.attempt('push', remoteUrl(github.url, allowed), 'HEAD:refs/heads/factory/1');
    expect(pushed.isDone).toBe(true);
    // What is there already may be built on.
    await clone.commit({ a: '1' });
    expect((await clone.attempt('push', 'origin', 'HEAD:refs/heads/factory/1')).isDone).toBe(true);
  });

  it('nothing under refs/pull', async () => {
    const { clone } = await withClone();
    await clone.commit({ a: '1' });
    const refused = await clone.attempt('push', 'origin', 'HEAD:refs/pull/7/head');
    expect(refused.said).toContain('deny updating a hidden ref');
  });
});

describe('what goes wrong on request', () => {
  it('a push whose answer is lost has happened; pushing again finds it done', async () => {
    const { github, clone } = await withClone();
    const sha = await clone.commit({ a: '1' });
    github.faults.loseAnswer('git/receive-pack');
    expect((await clone.attempt('push', 'origin', 'HEAD:refs/heads/factory/1')).isDone).toBe(false);
    expect(await github.head('factory/1')).toBe(sha);
    const again = await clone.attempt('push', 'origin', 'HEAD:refs/heads/factory/1');
    expect(again).toMatchObject({ isDone: true, said: expect.stringContaining('Everything up-to-date') });
  });

  it('a broken server, before anything happens', async () => {
    const { github, clone } = await withClone();
    await clone.commit({ a: '1' });
    github.faults.status('git/receive-pack', 503);
    expect((await clone.attempt('push', 'origin', 'HEAD:refs/heads/factory/1')).isDone).toBe(false);
    github.faults.cut('git/refs');
    expect((await clone.attempt('push', 'origin', 'HEAD:refs/heads/factory/1')).isDone).toBe(false);
    expect(await github.head('factory/1')).toBeNull();
  });
});

it('takes a push that git sends in chunks, and serves shallow and partial clones', async () => {
  const { github, app, clone } = await withClone();
  // Beyond http.postBuffer, of 1 MiB, git does not say beforehand how much is coming.
  const sha = await clone.commit({ 'large.txt': randomBytes(1_500_000).toString('base64') });
  await clone.git('push', '--quiet', 'origin', 'HEAD:main');
  expect(await github.head('main')).toBe(sha);
  const url = remoteUrl(github.url, github.apps.workbench.token());
  const shallow = await cloneOf(url, '--depth=1');
  expect(await shallow.git('rev-list', '--count', 'HEAD')).toBe('1');
  const partial = await cloneOf(url, '--filter=blob:none', '--no-checkout');
  expect(await partial.git('rev-list', '--objects', '--missing=print', '--all')).toMatch(/^\?/m);
  const { data } = await app.repos.getContent({ ...SHOP, path: 'large.txt' });
  expect(data).toMatchObject({ encoding: 'none', content: '' });
});
