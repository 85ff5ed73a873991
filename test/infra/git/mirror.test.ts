import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { folderSide } from '#infra/git/far-side.ts';
import { fetchInto, openMirror } from '#infra/git/mirror.ts';
import { clearStaleLocks, STALE_AFTER_MS } from '#infra/git/stale-locks.ts';
import { createWorkspace } from '#infra/git/workspace.ts';
import { silentLog } from '#src/ports/log.ts';
import { gitIn, temporaryFolder, workingClone } from '#test/support/repository.ts';

const repoAt = (path: string, baseBranch = 'main') => ({ id: 'project-1', path, baseBranch });

function plantLock(file: string, ageMs: number): void {
  writeFileSync(file, '');
  const then = (Date.now() - ageMs) / 1000;
  utimesSync(file, then, then);
}

describe('a mirror', () => {
  it('is made once when several ask at the same moment, with nothing left over', async () => {
    const mirrorsDir = temporaryFolder();
    const mirrors = await Promise.all([1, 2, 3, 4, 5].map(() => openMirror(mirrorsDir, 'project-1', silentLog)));
    expect(new Set(mirrors.map(({ gitDir }) => gitDir)).size).toBe(1);
    expect(readdirSync(mirrorsDir)).toEqual(['project-1.git']);
    expect(existsSync(join(mirrorsDir, 'project-1.git', 'hooks'))).toBe(false);
  });

  it.each(['../x', 'a/b', '', '.git', '-x', 'a\0'])('refuses the repository id %j', async (id) => {
    await expect(openMirror(temporaryFolder(), id, silentLog)).rejects.toMatchObject({ code: 'repository-id-refused' });
  });

  it('is refreshed by several at once', async () => {
    const repository = workingClone();
    repository.git('branch', 'factory/1-x');
    const workspace = createWorkspace({ mirrorsDir: temporaryFolder(), log: silentLog });
    await workspace.refresh(repoAt(repository.path));
    const head = repository.commit({ 'x.txt': 'x\n' });
    const answers = await Promise.all([1, 2, 3, 4].map(() => workspace.refresh(repoAt(repository.path))));
    for (const answer of answers) expect(answer).toEqual({ baseSha: head });
  });

  it('keeps base branches apart whose names exclude each other, and forgets deleted factory branches', async () => {
    const repository = workingClone();
    const mirror = await openMirror(temporaryFolder(), 'project-1', silentLog);
    repository.git('branch', 'factory/1-x');
    repository.git('branch', 'release');
    await fetchInto(mirror, folderSide(repository.path), 'release');
    repository.git('branch', '-m', 'release', 'release-old');
    repository.git('branch', 'release/1');
    repository.git('branch', '-D', 'factory/1-x');
    await fetchInto(mirror, folderSide(repository.path), 'release/1');
    expect(await mirror.text(['for-each-ref', '--format=%(refname)', 'refs/heads'])).toBe('');
    await expect(fetchInto(mirror, folderSide(repository.path), 'release')).rejects.toMatchObject({
      code: 'base-not-found',
    });
  });

  it('says what a shallow clone lacks', async () => {
    const repository = workingClone();
    repository.commit({ 'x.txt': 'x\n' });
    const folder = temporaryFolder();
    gitIn(folder, 'clone', '-q', '--depth', '1', `file://${repository.path}`, 'shallow');
    const workspace = createWorkspace({ mirrorsDir: temporaryFolder(), log: silentLog });
    await expect(workspace.refresh(repoAt(join(folder, 'shallow')))).rejects.toMatchObject({
      code: 'repo-shallow',
      fix: expect.stringContaining('--unshallow'),
    });
  });
});

describe('locks that a killed process left', () => {
  it('are removed when they are old and nobody works there', async () => {
    const { gitDir } = await openMirror(temporaryFolder(), 'project-1', silentLog);
    const files = ['packed-refs.lock', 'config.lock', join('refs', 'heads', 'x.lock')].map((name) =>
      join(gitDir, name),
    );
    for (const file of files) plantLock(file, STALE_AFTER_MS + 1000);
    expect((await clearStaleLocks(gitDir, silentLog)).sort()).toEqual(files.sort());
    expect(files.filter((file) => existsSync(file))).toEqual([]);
  });

  it('stay while they are young', async () => {
    const { gitDir } = await openMirror(temporaryFolder(), 'project-1', silentLog);
    plantLock(join(gitDir, 'packed-refs.lock'), 0);
    expect(await clearStaleLocks(gitDir, silentLog)).toEqual([]);
    expect(existsSync(join(gitDir, 'packed-refs.lock'))).toBe(true);
  });

  it('stay while a process works there', async () => {
    const { gitDir } = await openMirror(temporaryFolder(), 'project-1', silentLog);
    plantLock(join(gitDir, 'packed-refs.lock'), STALE_AFTER_MS + 1000);
    const worker = spawn('cat', { cwd: gitDir });
    onTestFinished(() => {
      worker.kill();
    });
    await once(worker, 'spawn');
    expect(await clearStaleLocks(gitDir, silentLog)).toEqual([]);
    worker.stdin.end();
    await once(worker, 'close');
    expect(await clearStaleLocks(gitDir, silentLog)).toHaveLength(1);
  });

  it('do not stop the work', async () => {
    const repository = workingClone();
    const mirror = await openMirror(temporaryFolder(), 'project-1', silentLog);
    await fetchInto(mirror, folderSide(repository.path), 'main');
    const head = repository.commit({ 'x.txt': 'x\n' });
    const [ref = ''] = (await mirror.text(['for-each-ref', '--format=%(refname)', 'refs/heads'])).split('\n');
    plantLock(join(mirror.gitDir, 'packed-refs.lock'), STALE_AFTER_MS + 1000);
    expect(ref).toBe('');
    await mirror.text(['update-ref', '--stdin'], {
      input: `update refs/x/y ${(await fetchInto(mirror, folderSide(repository.path), 'main')).baseSha}\n`,
    });
    plantLock(join(mirror.gitDir, 'refs', 'x', 'y.lock'), STALE_AFTER_MS + 1000);
    await mirror.text(['update-ref', '--stdin'], { input: 'delete refs/x/y\n' });
    expect(await fetchInto(mirror, folderSide(repository.path), 'main')).toEqual({ baseSha: head });
  });
});
