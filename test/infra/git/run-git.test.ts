import { chmodSync, existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { checkArguments } from '#infra/git/allowed-arguments.ts';
import { gitEnvironment } from '#infra/git/git-environment.ts';
import { probeGit } from '#infra/git/probe-git.ts';
import { git, runGit, streamGit } from '#infra/git/run-git.ts';
import { temporaryFolder, workingClone } from '#test/support/repository.ts';

const SHA = 'a'.repeat(40);
const path = process.env['PATH'];

afterEach(() => {
  process.env['PATH'] = path;
  delete process.env['GIT_DIR'];
  delete process.env['GIT_SSH_COMMAND'];
});

/** Puts a git of our own first in PATH. */
function fakeGit(script: string): string {
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'git'), `#!/bin/sh\n${script}\n`);
  chmodSync(join(folder, 'git'), 0o755);
  process.env['PATH'] = `${folder}:/usr/bin:/bin`;
  return folder;
}

describe('what may be said to git (A11)', () => {
  it.each([
    [['rev-parse', '--verify', '--quiet', 'refs/heads/main^{commit}']],
    [['diff', '--binary', SHA, SHA, '--']],
    [['ls-tree', '-r', '-z', SHA, '--', '--upload-pack=x']],
    [['fetch', '--prune', '--', '/some/where', '+refs/heads/factory/*:refs/heads/factory/*']],
    [
      [
        'push',
        `--force-with-lease=refs/heads/factory/1-x:${SHA}`,
        '--',
        '/some/where',
        `${SHA}:refs/heads/factory/1-x`,
      ],
    ],
  ])('lets through %j', (args) => {
    expect(() => checkArguments(args)).not.toThrow();
  });

  it.each([
    [[]],
    [['gc']],
    [['clone', '/a']],
    [['-c', 'core.pager=x', 'log']],
    [['--exec-path=/tmp', 'log']],
    [['fetch', '--upload-pack=touch /tmp/x', '--', '/a', `${SHA}:refs/x/y`]],
    [['fetch', '--upload-p=touch', '--', '/a']],
    [['fetch', '--', 'ext::sh -c id', `${SHA}:refs/x/y`]],
    [['fetch', '--', 'git@host:repo', `${SHA}:refs/x/y`]],
    [['fetch', '--', '--upload-pack=x', `${SHA}:refs/x/y`]],
    [['fetch', '--', '/a', 'main']],
    [['push', '--receive-pack=touch x', '--', '/a', `${SHA}:refs/heads/x`]],
    [['push', '--force', '--', '/a', `${SHA}:refs/heads/x`]],
    [['push', '--delete', '--', '/a', 'refs/heads/x']],
    [['push', '--mirror', '--', '/a']],
    [['push', '--', '/a', ':refs/heads/x']],
    [['push', '--', '/a', `${'0'.repeat(40)}:refs/heads/x`]],
    [['push', '--', '/a', `${SHA}:refs/heads/x$(id)`]],
    [['push', '--', '/a', `${SHA}:refs/heads/x\u3000y`]],
    [['push', '--force-with-lease=refs/heads/x', '--', '/a', `${SHA}:refs/heads/x`]],
    [['rev-parse', '--verify', 'main@{1}']],
    [['rev-parse', '--verify', 'refs/heads/a..b']],
    [['rev-parse', '--verify', 'refs/heads/x\n']],
    [['diff', '--output=/tmp/x', SHA, SHA, '--']],
    [['diff', '--ext-diff', SHA, SHA, '--']],
    [['diff', '--no-index', '--', '/etc/passwd', '/dev/null']],
    [['log', '--format=%(trailers:key=x)%x00\n']],
    [['config', '--global', 'core.pager', 'x']],
    [['ls-tree', SHA, '--', 'a\0b']],
  ])('refuses %j', (args) => {
    expect(() => checkArguments(args)).toThrow(expect.objectContaining({ code: 'git-argument-refused' }));
  });

  it('starts nothing for words that it refuses', async () => {
    const marker = join(temporaryFolder(), 'marker');
    fakeGit(`touch ${marker}`);
    const call = { workingFolder: '/', args: ['log', '--output=/tmp/x'] };
    await expect(runGit(call)).rejects.toMatchObject({ code: 'git-argument-refused' });
    await expect(streamGit(call, () => true)).rejects.toMatchObject({ code: 'git-argument-refused' });
    expect(existsSync(marker)).toBe(false);
  });
});

describe('the environment of git', () => {
  it('holds nothing of ours, by either way of starting it', async () => {
    process.env['GIT_DIR'] = '/elsewhere';
    process.env['GIT_SSH_COMMAND'] = 'touch x';
    fakeGit('env');
    const call = { workingFolder: '/', args: ['version'] };
    let streamed = '';
    await streamGit(call, (chunk) => (streamed += chunk.toString()) !== '');
    for (const printed of [await git(call), streamed]) {
      const names = printed.split('\n').flatMap((line) => /^([A-Za-z_]+)=/.exec(line)?.[1] ?? []);
      const ours = Object.keys(gitEnvironment());
      // The shell of the stand-in adds PWD; simple-git adds one that refuses shortened options.
      expect(
        names.filter(
          (name) =>
            !ours.includes(name) &&
            !['PWD', 'OLDPWD', 'SHLVL', '_', 'GIT_TEST_DISALLOW_ABBREVIATED_OPTIONS'].includes(name),
        ),
      ).toEqual([]);
      expect(printed).toContain('HOME=/nonexistent');
      expect(printed).toContain('GIT_CONFIG_GLOBAL=/dev/null');
    }
  });

  it('takes only absolute folders of PATH and only names that it knows', () => {
    process.env['PATH'] = `.:/usr/bin::node_modules/.bin:/bin`;
    expect(gitEnvironment()['PATH']).toBe('/usr/bin:/bin');
    expect(() => gitEnvironment({ GIT_SSH_COMMAND: 'x' })).toThrow();
    expect(() => gitEnvironment({ LD_PRELOAD: 'x' })).toThrow();
  });
});

describe('probeGit', () => {
  it('answers the version', async () => {
    expect((await probeGit()).version).toMatch(/^\d+\.\d+/);
    fakeGit('echo git version 2.38.0');
    expect(await probeGit()).toEqual({ version: '2.38.0' });
    fakeGit('echo "git version 3.0.1 (Apple Git-1)"');
    expect(await probeGit()).toEqual({ version: '3.0.1' });
  });

  it('says when git is too old or missing', async () => {
    fakeGit('echo git version 2.37.9');
    await expect(probeGit()).rejects.toMatchObject({ code: 'git-too-old', message: expect.stringContaining('2.37.9') });
    process.env['PATH'] = temporaryFolder();
    await expect(probeGit()).rejects.toMatchObject({ code: 'git-missing' });
    await expect(streamGit({ workingFolder: '/', args: ['version'] }, () => true)).rejects.toMatchObject({
      code: 'git-missing',
    });
  });
});

describe('streamGit', () => {
  it('stops git when the reader has enough, and reports what git could not do', async () => {
    const repository = workingClone({ 'large.txt': 'x'.repeat(5_000_000) });
    const call = { gitDir: `${repository.path}/.git`, workingFolder: repository.path };
    const blob = repository.git('rev-parse', 'HEAD:large.txt').trim();
    let chunks = 0;
    await streamGit({ ...call, args: ['cat-file', '--batch'], input: `${blob}\n` }, () => ++chunks < 2);
    expect(chunks).toBe(2);
    await expect(streamGit({ ...call, args: ['diff', SHA, SHA, '--'] }, () => true)).rejects.toMatchObject({
      code: 'git-failed',
    });
    const failing = streamGit({ ...call, args: ['cat-file', '--batch'], input: `${blob}\n` }, () => {
      throw new Error('reader');
    });
    await expect(failing).rejects.toThrow('reader');
  });
});
