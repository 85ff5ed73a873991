import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { inspectRepository } from '#infra/git/inspect-repository.ts';
import {
  bareRepository,
  dirtyClone,
  gitIn,
  temporaryFolder,
  workingClone,
  writeFiles,
} from '#test/support/repository.ts';

/** Names, times and contents of everything below a folder. */
function everything(folder: string): string {
  return execFileSync('sh', ['-c', 'find . -printf "%p %T@ %s\\n" | sort; find . -type f | sort | xargs sha256sum'], {
    cwd: folder,
    encoding: 'utf8',
  });
}

describe('inspectRepository', () => {
  it('changes nothing, not even the index', async () => {
    const repository = dirtyClone();
    writeFiles(repository.path, { 'src/add.js': 'export const add = (a, b) => a + b;\n' });
    const before = everything(repository.path);
    await inspectRepository(repository.path);
    expect(everything(repository.path)).toBe(before);
  });

  it('tells the three ways to miss the top of a repository apart, and what to name instead', async () => {
    const repository = workingClone();
    await expect(inspectRepository(join(repository.path, 'src'))).rejects.toMatchObject({
      code: 'repo-not-git',
      fix: expect.stringContaining(repository.path),
    });
    await expect(inspectRepository(join(repository.path, '.git'))).rejects.toMatchObject({
      code: 'repo-not-git',
      fix: expect.stringContaining(repository.path),
    });
    await expect(inspectRepository(join(repository.path, 'README.md'))).rejects.toMatchObject({
      code: 'repo-not-git',
      message: expect.stringContaining('a file'),
    });
    await expect(inspectRepository('relative/path')).rejects.toMatchObject({ code: 'repo-not-found' });
    await expect(inspectRepository('-oProxyCommand=x')).rejects.toMatchObject({ code: 'repo-not-found' });
  });

  it('says so when a repository is broken', async () => {
    const repository = workingClone();
    writeFileSync(join(repository.path, '.git', 'HEAD'), 'garbage\n');
    await expect(inspectRepository(repository.path)).rejects.toMatchObject({
      code: 'repo-not-git',
      message: expect.stringContaining('cannot read'),
    });
  });

  it('names the branches there are when HEAD points at none of them', async () => {
    const bare = bareRepository();
    gitIn(bare.path, 'symbolic-ref', 'HEAD', 'refs/heads/master');
    await expect(inspectRepository(bare.path)).rejects.toMatchObject({
      code: 'base-not-found',
      message: expect.stringContaining('"main"'),
    });
  });

  it.each([
    '--upload-pack=x',
    'a b',
    'x$(id)',
    'x\u202ey',
    'x\u3000y',
    'a..b',
    'main@{1}',
    '/main',
    'main/',
    'HEAD',
    '',
    '+main',
    'a:b',
    'a\n',
    'factory',
    'factory/1-x',
    '.x',
    'x.lock',
  ])('refuses the base %j', async (base) => {
    await expect(inspectRepository(workingClone().path, base)).rejects.toMatchObject({ code: 'base-refused' });
  });

  it('takes a base with a name in another script', async () => {
    const repository = workingClone();
    repository.git('branch', 'größe/版');
    expect((await inspectRepository(repository.path, 'größe/版')).baseBranch).toBe('größe/版');
  });

  it('reads a linked worktree', async () => {
    const repository = workingClone();
    const linked = join(temporaryFolder(), 'linked');
    repository.git('worktree', 'add', '-q', '-b', 'side', linked);
    writeFiles(linked, { 'README.md': 'changed\n' });
    const facts = await inspectRepository(linked);
    expect(facts).toMatchObject({ bare: false, baseBranch: 'side', dirtyOnBase: true });
    expect(facts.notes.join()).toContain('2 worktrees');
    expect((await inspectRepository(repository.path)).dirtyOnBase).toBe(false);
    expect((await inspectRepository(repository.path, 'side')).dirtyOnBase).toBe(true);
  });

  it('notes a shallow history, a hooks folder and filters; refuses a partial clone and other object names', async () => {
    const repository = workingClone();
    repository.commit({ 'x.txt': 'x\n' });
    const folder = temporaryFolder();
    gitIn(folder, 'clone', '-q', '--depth', '1', `file://${repository.path}`, 'shallow');
    const shallow = join(folder, 'shallow');
    gitIn(shallow, 'config', 'core.hooksPath', '.husky');
    gitIn(shallow, 'config', 'filter.lfs.clean', 'git-lfs clean -- %f');
    const notes = (await inspectRepository(shallow)).notes.join('\n');
    for (const said of ['shallow', 'core.hooksPath', '"lfs"']) expect(notes).toContain(said);
    gitIn(shallow, 'config', 'core.repositoryformatversion', '1');
    gitIn(shallow, 'config', 'extensions.partialClone', 'origin');
    await expect(inspectRepository(shallow)).rejects.toMatchObject({ code: 'repo-unsupported' });
    gitIn(folder, 'init', '-q', '--object-format=sha256', 'other');
    await expect(inspectRepository(join(folder, 'other'))).rejects.toMatchObject({
      code: 'repo-unsupported',
      message: expect.stringContaining('sha256'),
    });
  });

  it('counts an unfinished merge as a reason to wait', async () => {
    const repository = workingClone();
    mkdirSync(join(repository.path, '.git', 'rebase-merge'));
    expect((await inspectRepository(repository.path)).dirtyOnBase).toBe(true);
  });
});
