import {
  appendFileSync,
  chmodSync,
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createLocalForge } from '#infra/forge/local/forge.ts';
import { createWorkspace } from '#infra/git/workspace.ts';
import { silentLog } from '#src/ports/log.ts';
import {
  gitIn,
  plantHooks,
  sandboxWork,
  type TestRepository,
  temporaryFolder,
  workingClone,
} from '#test/support/repository.ts';

/**
 * Everything that git's configuration can be made to run, planted in a repository; each leaves a mark. `executions`
 * answers what ran so far.
 */
function plantEverything(repository: TestRepository, gitDir: string) {
  const marker = join(temporaryFolder(), 'marker');
  writeFileSync(marker, '');
  chmodSync(marker, 0o666);
  const run = (name: string, rest = '') => `sh -c 'echo ${name} >> ${marker}; ${rest || 'cat'}' --`;
  plantHooks(gitDir, marker);
  const otherHooks = join(temporaryFolder(), 'hooks');
  plantHooks(join(otherHooks, '..'), marker);
  const settings: Record<string, string> = {
    'core.hooksPath': otherHooks,
    'core.fsmonitor': run('fsmonitor', 'false'),
    'core.sshCommand': run('sshCommand', 'false'),
    'core.gitProxy': run('gitProxy', 'false'),
    'core.pager': run('pager'),
    'core.editor': run('editor', 'true'),
    'core.askPass': run('askPass', 'true'),
    'core.alternateRefsCommand': run('alternateRefsCommand', 'true'),
    'credential.helper': `!${run('credential', 'true')}`,
    'diff.external': run('diff.external', 'true'),
    'diff.evil.command': run('diff.command', 'true'),
    'diff.evil.textconv': run('textconv'),
    'merge.evil.driver': run('merge.driver', 'true'),
    'filter.evil.clean': run('filter.clean'),
    'filter.evil.smudge': run('filter.smudge'),
    'filter.evil.required': 'true',
    'filter.a=b.clean': run('filter.clean'),
    'gpg.program': run('gpg', 'true'),
    'commit.gpgSign': 'true',
    'uploadpack.packObjectsHook': run('packObjectsHook', 'false'),
    'remote.origin.uploadpack': run('remote.uploadpack', 'false'),
    'remote.origin.receivepack': run('remote.receivepack', 'false'),
    'remote.origin.pushurl': `ext::${run('pushurl', 'false')}`,
    [`url.ext::${run('insteadOf', 'false')} .insteadOf`]: '/',
    [`url.ext::${run('pushInsteadOf', 'false')} .pushInsteadOf`]: '/',
    'gc.recentObjectsHook': run('recentObjectsHook', 'true'),
    'receive.autogc': 'true',
    'gc.auto': '1',
    'protocol.ext.allow': 'always',
    'trailer.evil.command': run('trailer', 'true'),
    'pager.diff': run('pager.diff'),
    'pager.log': run('pager.log'),
    'alias.rev-parse': `!${run('alias', 'true')}`,
  };
  for (const [key, value] of Object.entries(settings))
    gitIn(dirname(gitDir), 'config', '-f', join(gitDir, 'config'), key, value);
  mkdirSync(join(gitDir, 'info'), { recursive: true });
  appendFileSync(join(gitDir, 'info', 'attributes'), '* filter=evil diff=evil merge=evil\n');
  // Objects lent by another repository: what `alternateRefsCommand` is asked about.
  const lender = workingClone({ 'lent.txt': 'lent\n' });
  mkdirSync(join(gitDir, 'objects', 'info'), { recursive: true });
  writeFileSync(join(gitDir, 'objects', 'info', 'alternates'), `${lender.path}/.git/objects\n`);
  // Stale times make git look into the files again, which is when clean filters run.
  utimesSync(join(repository.path, 'README.md'), 1, 1);
  return { marker, executions: () => readFileSync(marker, 'utf8').split('\n').filter(Boolean) };
}

const author = { name: 'Ada', email: 'ada@example.invalid' };
const policy = { protectedPaths: [], maxFiles: 100, maxBytes: 1_000_000 };

function factoryOver(repository: TestRepository) {
  const mirrorsDir = temporaryFolder();
  return {
    workspace: createWorkspace({ mirrorsDir, log: silentLog }),
    forge: createLocalForge({ mirrorsDir, log: silentLog }),
    repo: { id: 'project-1', path: repository.path, baseBranch: 'main' },
  };
}

describe('a hostile work tree runs nothing on the host', () => {
  it('imports, scans, diffs and pushes the work of a sandbox that planted everything (C21, A07, A08)', async () => {
    const repository = workingClone();
    const { workspace, forge, repo } = factoryOver(repository);
    const { baseSha } = await workspace.refresh(repo);
    let executions: () => string[] = () => [];
    let marker = '';
    const work = sandboxWork(repository, (sandbox) => {
      sandbox.commit({ 'work.txt': 'work\n', '.gitattributes': '* filter=evil diff=evil merge=evil\n' });
      ({ executions, marker } = plantEverything(sandbox, join(sandbox.path, '.git')));
    });
    writeFileSync(marker, ''); // what the sandbox ran while it made its bundle is the sandbox's
    const imported = await workspace.importBundle(repo, { ...work, baseSha, policy });
    await workspace.diff(repo, baseSha, imported.headSha);
    await workspace.diffText(repo, baseSha, imported.headSha, 10_000);
    await workspace.readFile(repo, imported.headSha, 'work.txt');
    await forge.createBranch(repo, 'factory/1-work', baseSha);
    expect(await forge.push(repo, 'factory/1-work', baseSha, imported.headSha)).toMatchObject({ outcome: 'pushed' });
    expect(executions()).toEqual([]);
  });

  it('works with a repository whose own configuration and hooks are hostile (A07, A08)', async () => {
    const repository = workingClone();
    const { executions } = plantEverything(repository, join(repository.path, '.git'));
    const { workspace, forge, repo } = factoryOver(repository);
    const facts = await workspace.inspect(repo.path);
    expect(facts.notes.join()).toContain('"evil"');
    const { baseSha } = await workspace.refresh(repo);
    await forge.createBranch(repo, 'factory/1-work', baseSha);
    const folder = temporaryFolder();
    await workspace.bundleOut(repo, { start: baseSha }, join(folder, 'out.bundle'));
    gitIn(folder, 'clone', '-q', '--bare', 'out.bundle', 'start.git');
    const work = sandboxWork({ ...repository, path: join(folder, 'start.git') }, (sandbox) =>
      sandbox.commit({ 'work.txt': 'work\n' }),
    );
    const { headSha } = await workspace.importBundle(repo, { ...work, baseSha, policy });
    await forge.push(repo, 'factory/1-work', baseSha, headSha);
    const draft = { taskId: 't', title: 't', body: 'b', branch: 'factory/1-work', headSha };
    const pullRequest = await forge.openPullRequest(repo, draft);
    const { sha: mergeSha } = await workspace.mergeCommit(repo, {
      baseSha,
      headSha,
      message: 'm',
      author,
      at: new Date(0),
    });
    const merge = { headSha, baseSha, mergeSha };
    // Its filters are programs, so the folder is not moved along; with another branch checked out, the base moves.
    expect(await forge.merge(repo, pullRequest, merge)).toMatchObject({
      outcome: 'waits',
      reason: expect.stringContaining('evil'),
    });
    writeFileSync(join(repository.path, '.git', 'HEAD'), `${baseSha}\n`);
    expect(await forge.merge(repo, pullRequest, merge)).toEqual({ outcome: 'merged', mergedSha: mergeSha });
    expect(executions()).toEqual([]);
  });

  it('plants marks that do appear when git is run carelessly there', () => {
    const repository = workingClone();
    const { executions } = plantEverything(repository, join(repository.path, '.git'));
    gitIn(repository.path, 'status');
    expect(executions().join()).toContain('fsmonitor');
  });

  it('moves a clean clone along under hostile hooks and fsmonitor, without filters in the way (A07)', async () => {
    const repository = workingClone();
    const { workspace, forge, repo } = factoryOver(repository);
    const { executions } = plantEverything(repository, join(repository.path, '.git'));
    for (const section of ['filter.evil', 'filter.a=b'])
      gitIn(repository.path, 'config', '-f', '.git/config', '--remove-section', section);
    rmSync(join(repository.path, '.git', 'info', 'attributes'));
    const { baseSha } = await workspace.refresh(repo);
    await forge.createBranch(repo, 'factory/1-work', baseSha);
    const work = sandboxWork(workingCopyOf(repository), (sandbox) => sandbox.commit({ 'work.txt': 'work\n' }), null);
    const { headSha } = await workspace.importBundle(repo, { ...work, baseSha, policy });
    await forge.push(repo, 'factory/1-work', baseSha, headSha);
    const pullRequest = await forge.openPullRequest(repo, {
      taskId: 't',
      title: 't',
      body: 'b',
      branch: 'factory/1-work',
      headSha,
    });
    const { sha: mergeSha } = await workspace.mergeCommit(repo, {
      baseSha,
      headSha,
      message: 'm',
      author,
      at: new Date(0),
    });
    expect(await forge.merge(repo, pullRequest, { headSha, baseSha, mergeSha })).toEqual({
      outcome: 'merged',
      mergedSha: mergeSha,
    });
    expect(readFileSync(join(repository.path, 'work.txt'), 'utf8')).toBe('work\n');
    expect(executions()).toEqual([]);
  });

  it('takes an embedded bare repository for what it is: files (A09)', async () => {
    const repository = workingClone();
    const { workspace, repo } = factoryOver(repository);
    const { baseSha } = await workspace.refresh(repo);
    const marker = join(temporaryFolder(), 'marker');
    const work = sandboxWork(repository, (sandbox) => {
      sandbox.commit({
        'docs/HEAD': 'ref: refs/heads/main\n',
        'docs/config': `[core]\n\tfsmonitor = "touch ${marker}; false"\n\tbare = true\n\tworktree = ..\n`,
        'docs/objects/info/packs': '\n',
        'docs/refs/heads/main': `${sandbox.head()}\n`,
      });
    });
    const imported = await workspace.importBundle(repo, { ...work, baseSha, policy });
    await workspace.diff(repo, baseSha, imported.headSha);
    expect(existsSync(marker)).toBe(false);
  });

  it('refuses a `.git` file inside the work, and does not follow one that points nowhere (A09)', async () => {
    const repository = workingClone();
    const { workspace, repo } = factoryOver(repository);
    const { baseSha } = await workspace.refresh(repo);
    const work = sandboxWork(repository, (sandbox) => {
      const blob = gitIn(sandbox.path, 'rev-parse', 'HEAD:README.md').trim();
      const inner = mktree(sandbox.path, [`100644 blob ${blob}\t.git`]);
      const outer = mktree(sandbox.path, [`040000 tree ${inner}\tsub`]);
      const commit = gitIn(sandbox.path, 'commit-tree', outer, '-p', 'HEAD', '-m', 'with a pointer').trim();
      gitIn(sandbox.path, 'update-ref', 'HEAD', commit);
    });
    await expect(workspace.importBundle(repo, { ...work, baseSha, policy })).rejects.toMatchObject({
      code: 'import-refused',
      findings: [{ kind: 'hostile-name', path: null, detail: expect.stringContaining('hasDotgit') }],
    });
    const pointing = temporaryFolder();
    writeFileSync(join(pointing, '.git'), 'gitdir: /nonexistent/elsewhere\n');
    await expect(workspace.inspect(pointing)).rejects.toMatchObject({ code: 'repo-not-git' });
  });

  it('reads a bare repository only when it was named, never one that it happens to stand in (A09)', async () => {
    const repository = workingClone();
    mkdirSync(join(repository.path, 'inner'));
    gitIn(repository.path, 'init', '-q', '--bare', 'inner/bare.git');
    await expect(
      createWorkspace({ mirrorsDir: temporaryFolder(), log: silentLog }).inspect(join(repository.path, 'inner')),
    ).rejects.toMatchObject({
      code: 'repo-not-git',
      fix: expect.stringContaining(repository.path),
    });
  });
});

function mktree(folder: string, entries: string[]): string {
  const file = join(temporaryFolder(), 'entries');
  writeFileSync(file, `${entries.join('\n')}\n`);
  return gitIn(folder, '-c', `alias.mk=!git mktree < '${file}'`, 'mk').trim();
}

/** A clone without the traps of the original, for the sandbox to start from. */
function workingCopyOf(repository: TestRepository): TestRepository {
  const folder = temporaryFolder();
  gitIn(folder, '-c', 'core.alternateRefsCommand=true', 'clone', '-q', '--no-local', repository.path, 'copy');
  return { ...repository, path: join(folder, 'copy') };
}
