import { createHash } from 'node:crypto';
import { readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { ImportPolicy, RepositoryRef, Workspace } from '#src/ports/workspace.ts';
import {
  bareRepository,
  cloneWithSubmodule,
  detachedClone,
  dirtyClone,
  emptyRepository,
  gitIn,
  plantHooks,
  sandboxWork,
  type TestRepository,
  temporaryFolder,
  workingClone,
} from '#test/support/repository.ts';

const policy: ImportPolicy = { protectedPaths: ['.github/', 'factory.yaml'], maxFiles: 50, maxBytes: 1_000_000 };
const author = { name: 'Ada', email: 'ada@example.invalid' };
const at = new Date('2026-03-01T10:00:00Z');

function refTo(repository: TestRepository): RepositoryRef {
  return { id: 'project-1', path: repository.path, baseBranch: 'main' };
}

/** What every workspace must do, on real repositories. `create` makes one with a store of its own. */
export function describeWorkspace(name: string, create: () => Workspace): void {
  describe(`${name}: inspect`, () => {
    it('tells the facts of a working clone and of a bare repository', async () => {
      const clone = workingClone();
      expect(await create().inspect(clone.path)).toEqual({
        ...{
          forge: 'local',
          path: clone.path,
          bare: false,
          baseBranch: 'main',
          baseSha: clone.head(),
          dirtyOnBase: false,
          notes: [],
        },
      });
      const bare = bareRepository();
      expect(await create().inspect(bare.path)).toMatchObject({
        bare: true,
        baseBranch: 'main',
        baseSha: bare.head('main'),
        dirtyOnBase: false,
      });
    });

    it('says that a clone is dirty only when the base itself is checked out with changes', async () => {
      const dirty = dirtyClone();
      expect((await create().inspect(dirty.path)).dirtyOnBase).toBe(true);
      dirty.git('branch', 'other');
      expect((await create().inspect(dirty.path, 'other')).dirtyOnBase).toBe(false);
    });

    it('takes a named base of a detached clone, and refuses to guess one', async () => {
      const detached = detachedClone();
      await expect(create().inspect(detached.path)).rejects.toMatchObject({ code: 'repo-detached' });
      expect((await create().inspect(detached.path, 'main')).baseBranch).toBe('main');
    });

    it('refuses what is not there, not git, empty or without the base', async () => {
      const folder = temporaryFolder();
      const workspace = create();
      await expect(workspace.inspect(join(folder, 'nowhere'))).rejects.toMatchObject({ code: 'repo-not-found' });
      await expect(workspace.inspect(folder)).rejects.toMatchObject({ code: 'repo-not-git' });
      await expect(workspace.inspect(emptyRepository().path)).rejects.toMatchObject({ code: 'repo-empty' });
      await expect(workspace.inspect(workingClone().path, 'release')).rejects.toMatchObject({ code: 'base-not-found' });
    });

    it('notes submodules and hooks', async () => {
      const withSubmodule = await create().inspect(cloneWithSubmodule().path);
      expect(withSubmodule.notes.join()).toContain('1 submodule');
      const withHooks = workingClone();
      plantHooks(join(withHooks.path, '.git'), join(temporaryFolder(), 'marker'));
      expect((await create().inspect(withHooks.path)).notes.join()).toContain('pre-receive');
    });
  });

  describe(`${name}: reading`, () => {
    it('follows the base branch', async () => {
      const repository = workingClone();
      const workspace = create();
      expect(await workspace.refresh(refTo(repository))).toEqual({ baseSha: repository.head() });
      const next = repository.commit({ 'new.txt': 'new\n' });
      expect(await workspace.refresh(refTo(repository))).toEqual({ baseSha: next });
    });

    it('follows a tag to its commit, wherever it lies, and knows when there is none', async () => {
      const repository = workingClone();
      const first = repository.head();
      repository.git('tag', 'v1.0');
      repository.commit({ 'new.txt': 'new\n' });
      repository.git('tag', '-a', '-m', 'Second', 'v2.0');
      const workspace = create();
      expect(await workspace.tagCommit(refTo(repository), 'v1.0')).toBe(first);
      expect(await workspace.tagCommit(refTo(repository), 'v2.0')).toBe(repository.head());
      repository.git('tag', '-f', 'v1.0');
      expect(await workspace.tagCommit(refTo(repository), 'v1.0')).toBe(repository.head());
      expect(await workspace.tagCommit(refTo(repository), 'v3.0')).toBeNull();
      for (const tag of ['--all', 'v1 0', 'a:b', '../x', ''])
        await expect(workspace.tagCommit(refTo(repository), tag)).rejects.toMatchObject({ code: 'tag-refused' });
    });

    it('lists files and reads them byte for byte', async () => {
      const repository = workingClone({
        'a.txt': 'hallo\n',
        'deep/er/b.txt': 'x'.repeat(3000),
        'sp ace $(id).txt': 's',
      });
      const workspace = create();
      const { baseSha } = await workspace.refresh(refTo(repository));
      expect(await workspace.listTree(refTo(repository), baseSha)).toEqual([
        { path: 'a.txt', mode: '100644', bytes: 6 },
        { path: 'deep/er/b.txt', mode: '100644', bytes: 3000 },
        { path: 'sp ace $(id).txt', mode: '100644', bytes: 1 },
      ]);
      const read = (path: string, maxBytes?: number) => workspace.readFile(refTo(repository), baseSha, path, maxBytes);
      expect(Buffer.from((await read('a.txt')) ?? '').toString()).toBe('hallo\n');
      expect(Buffer.from((await read('sp ace $(id).txt')) ?? '').toString()).toBe('s');
      for (const absent of ['b.txt', 'deep', 'deep/', '../a.txt', '*.txt', ':(top)a.txt', ''])
        expect(await read(absent)).toBeNull();
      await expect(read('deep/er/b.txt', 2999)).rejects.toMatchObject({ code: 'file-too-large' });
    });

    it('reads all texts of a commit, without what no person wrote', async () => {
      const repository = workingClone({
        'a.txt': 'hallo\n',
        'deep/b.js': 'export const b = 1;\n',
        'package-lock.json': '{}\n',
        'deep/big.txt': 'x\n'.repeat(2500),
        'image.bin': 'a\0b',
        'vendor/c.js': 'c\n',
        'made.js': '// @generated by a tool\n',
      });
      symlinkSync('a.txt', join(repository.path, 'link.txt'));
      repository.commit({});
      const workspace = create();
      const { baseSha } = await workspace.refresh(refTo(repository));
      const read = (maxFileBytes: number, maxTotalBytes: number, paths?: string[]) =>
        workspace.readTexts(refTo(repository), baseSha, { maxFileBytes, maxTotalBytes, paths: paths ?? null });
      expect([...(await read(1000, 1_000_000))]).toEqual([
        ['a.txt', 'hallo\n'],
        ['deep/b.js', 'export const b = 1;\n'],
      ]);
      expect([...(await read(10_000, 1_000_000)).keys()]).toEqual(['a.txt', 'deep/b.js', 'deep/big.txt']);
      expect([...(await read(10_000, 100)).keys()]).toEqual(['a.txt', 'deep/b.js']);
      expect([...(await read(10_000, 1_000_000, ['deep/b.js', 'no/such.js'])).keys()]).toEqual(['deep/b.js']);
    });

    it('tells the commits behind one, newest first, with the paths that each changed', async () => {
      const repository = workingClone({ 'a.txt': '1\n' });
      repository.commit({ 'sp ace.txt': '1\n', 'ü.txt': '1\n' }, 'Add two');
      repository.git('switch', '-q', '-c', 'side');
      repository.commit({ 'side.txt': '1\n' }, 'On the side');
      repository.git('switch', '-q', 'main');
      repository.commit({ 'a.txt': null, 'b.txt': '1\n' }, 'Rename a to b');
      repository.git('merge', '-q', '--no-ff', '-m', 'Merge side', 'side');
      repository.commit({}, 'Nothing');
      const workspace = create();
      const { baseSha } = await workspace.refresh(refTo(repository));
      const commits = await workspace.history(refTo(repository), baseSha, { maxCommits: 20 });
      expect(commits.map(({ title, paths }) => [title, paths])).toEqual([
        ['Rename a to b', ['a.txt', 'b.txt']],
        ['On the side', ['side.txt']],
        ['Add two', ['sp ace.txt', 'ü.txt']],
        ['first', ['a.txt']],
      ]);
      expect(commits[0]?.at).toMatch(/^2023-11-\d\dT[\d:.]+Z$/);
      expect(commits[0]?.sha).toMatch(/^[0-9a-f]{40}$/);
      expect(await workspace.history(refTo(repository), baseSha, { maxCommits: 3 })).toHaveLength(1);
    });

    it('bundles commits so that a plain clone has them', async () => {
      const repository = workingClone();
      const workspace = create();
      const first = (await workspace.refresh(refTo(repository))).baseSha;
      const second = repository.commit({ 'second.txt': '2\n' });
      await workspace.refresh(refTo(repository));
      const folder = temporaryFolder();
      await workspace.bundleOut(refTo(repository), { work: second, base: first }, join(folder, 'out.bundle'));
      gitIn(folder, 'clone', '-q', 'out.bundle', 'clone');
      expect(
        gitIn(join(folder, 'clone'), 'rev-parse', 'HEAD', 'origin/work', 'origin/base').split('\n').slice(0, 3),
      ).toEqual([second, second, first]);
      expect(readFileSync(join(folder, 'clone', 'second.txt'), 'utf8')).toBe('2\n');
    });
  });

  describe(`${name}: importing`, () => {
    it('takes work in and answers its commits, oldest first, the same when repeated', async () => {
      const repository = workingClone();
      const workspace = create();
      const { baseSha } = await workspace.refresh(refTo(repository));
      const work = sandboxWork(repository, (sandbox) => {
        sandbox.commit({ 'one.txt': '1\n' }, 'first step');
        sandbox.commit({ 'two.txt': '2\n' }, 'second step');
      });
      const imported = await workspace.importBundle(refTo(repository), { ...work, baseSha, policy });
      expect(imported.headSha).toBe(work.headSha);
      expect(imported.commits.map(({ title }) => title)).toEqual(['first step', 'second step']);
      expect(imported.findings).toEqual([]);
      expect(await workspace.importBundle(refTo(repository), { ...work, baseSha, policy })).toEqual(imported);
      expect(await workspace.isAncestor(refTo(repository), baseSha, work.headSha)).toBe(true);
      expect(await workspace.isAncestor(refTo(repository), work.headSha, baseSha)).toBe(false);
    });

    it('refuses with every finding at once', async () => {
      const repository = workingClone();
      const workspace = create();
      const { baseSha } = await workspace.refresh(refTo(repository));
      const work = sandboxWork(repository, (sandbox) => {
        sandbox.commit({ 'factory.yaml': 'checks: []\n', '.github/workflows/ci.yml': 'on: push\n', 'ok.txt': 'ok\n' });
      });
      await expect(workspace.importBundle(refTo(repository), { ...work, baseSha, policy })).rejects.toMatchObject({
        code: 'import-refused',
        message: expect.stringMatching(/factory\.yaml[\s\S]*|workflows/),
        findings: expect.arrayContaining([
          expect.objectContaining({ kind: 'protected-path', path: 'factory.yaml' }),
          expect.objectContaining({ kind: 'protected-path', path: '.github/workflows/ci.yml' }),
        ]),
      });
    });
  });

  describe(`${name}: diff and merge`, () => {
    it('answers the facts of a change, hashed as git prints it', async () => {
      const repository = workingClone({ 'a.txt': 'one\n', 'gone.txt': 'gone\n', 'bin.dat': 'a\0b' });
      const workspace = create();
      const { baseSha } = await workspace.refresh(refTo(repository));
      repository.git('switch', '-q', '-c', 'factory/1-work');
      const headSha = repository.commit({
        'a.txt': 'one\ntwo\n',
        'gone.txt': null,
        'bin.dat': 'a\0c',
        'new.txt': 'new\n',
      });
      await workspace.refresh(refTo(repository));
      const facts = await workspace.diff(refTo(repository), baseSha, headSha);
      const printed = repository.git('diff', '--binary', '--full-index', '--no-renames', baseSha, headSha);
      expect(facts).toEqual({
        baseSha,
        mergeBaseSha: baseSha,
        headSha,
        diffHash: createHash('sha256').update(printed).digest('hex'),
        files: [
          {
            path: 'a.txt',
            status: 'modified',
            added: 1,
            removed: 0,
            binary: false,
            modeBefore: '100644',
            modeAfter: '100644',
          },
          {
            path: 'bin.dat',
            status: 'modified',
            added: 0,
            removed: 0,
            binary: true,
            modeBefore: '100644',
            modeAfter: '100644',
          },
          {
            path: 'gone.txt',
            status: 'deleted',
            added: 0,
            removed: 1,
            binary: false,
            modeBefore: '100644',
            modeAfter: '000000',
          },
          {
            path: 'new.txt',
            status: 'added',
            added: 1,
            removed: 0,
            binary: false,
            modeBefore: '000000',
            modeAfter: '100644',
          },
        ],
      });
      const whole = await workspace.diffText(refTo(repository), baseSha, headSha, 100_000);
      expect(whole.truncated).toBe(false);
      expect(whole.text).toContain('+two');
      const cut = await workspace.diffText(refTo(repository), baseSha, headSha, 100);
      expect(cut.truncated).toBe(true);
      expect(cut.text.length).toBeLessThanOrEqual(100);
      expect(whole.text.startsWith(cut.text)).toBe(true);
    });

    it('shows a renamed file as removed and added, so that both paths are seen', async () => {
      const repository = workingClone({ 'a.txt': 'one\ntwo\nthree\n' });
      const workspace = create();
      const { baseSha } = await workspace.refresh(refTo(repository));
      repository.git('switch', '-q', '-c', 'factory/1-work');
      const headSha = repository.commit({ 'a.txt': null, 'b.txt': 'one\ntwo\nthree\n' });
      await workspace.refresh(refTo(repository));
      const { files } = await workspace.diff(refTo(repository), baseSha, headSha);
      expect(files.map(({ path, status }) => [path, status])).toEqual([
        ['a.txt', 'deleted'],
        ['b.txt', 'added'],
      ]);
    });

    it('merges to the same commit for the same arguments, and to another for others', async () => {
      const { repository, workspace, baseSha, headSha } = await diverged(create());
      const merge = { baseSha, headSha, message: 'Merge it\n', author, at };
      const made = await workspace.mergeCommit(refTo(repository), merge);
      expect(await workspace.mergeCommit(refTo(repository), merge)).toEqual(made);
      const elsewhere = await diverged(create(), repository);
      expect(await elsewhere.workspace.mergeCommit(refTo(repository), merge)).toEqual(made);
      expect((await workspace.mergeCommit(refTo(repository), { ...merge, message: 'Another' })).sha).not.toBe(made.sha);
      const files = (await workspace.listTree(refTo(repository), made.sha)).map(({ path }) => path);
      expect(files).toEqual(['README.md', 'ours.txt', 'src/add.js', 'theirs.txt']);
    });

    it('names the files of a conflict', async () => {
      const repository = workingClone();
      repository.git('branch', 'factory/1-work');
      const baseSha = repository.commit({ 'README.md': 'ours\n' });
      repository.git('switch', '-q', 'factory/1-work');
      const headSha = repository.commit({ 'README.md': 'theirs\n' });
      const workspace = create();
      await workspace.refresh(refTo(repository));
      await expect(
        workspace.mergeCommit(refTo(repository), { baseSha, headSha, message: 'm', author, at }),
      ).rejects.toMatchObject({
        code: 'merge-conflict',
        message: expect.stringContaining('README.md'),
      });
    });
  });
}

async function diverged(workspace: Workspace, existing?: TestRepository) {
  const repository = existing ?? workingClone();
  if (!existing) {
    repository.git('branch', 'factory/1-work');
    repository.commit({ 'ours.txt': 'ours\n' });
    repository.git('switch', '-q', 'factory/1-work');
    repository.commit({ 'theirs.txt': 'theirs\n' });
  }
  await workspace.refresh(refTo(repository));
  return {
    repository,
    workspace,
    baseSha: repository.head('main') ?? '',
    headSha: repository.head('factory/1-work') ?? '',
  };
}
