import { chownSync, existsSync, lstatSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openMirror } from '#infra/git/mirror.ts';
import { uploadPack } from '#infra/git/remote-programs.ts';
import { runGit } from '#infra/git/run-git.ts';
import { silentLog } from '#src/ports/log.ts';
import { gitIn, type TestRepository, temporaryFolder, workingClone, writeFiles } from '#test/support/repository.ts';
import { localHarness } from './harness.ts';

const BRANCH = 'factory/7-add-greeting';

/** A pull request that is ready to be merged into the clone's `main`. */
async function ready(
  repository: TestRepository,
  files: Readonly<Record<string, string>> = { 'greeting.txt': 'hello\n', 'README.md': '# Greeting\n' },
) {
  const harness = await localHarness(repository);
  const { forge, repo, baseSha } = harness;
  await forge.createBranch(repo, BRANCH, baseSha);
  const headSha = await harness.work(baseSha, files);
  await forge.push(repo, BRANCH, baseSha, headSha);
  const pullRequest = await forge.openPullRequest(repo, { taskId: 't', title: 't', body: '', branch: BRANCH, headSha });
  const mergeSha = await harness.merge(baseSha, headSha);
  const press = () => forge.merge(repo, pullRequest, { headSha, baseSha, mergeSha });
  return { ...harness, headSha, mergeSha, pullRequest, press };
}

const merged = (mergedSha: string) => ({ outcome: 'merged', mergedSha });
const waits = (...words: string[]) => ({
  outcome: 'waits',
  reason: expect.stringMatching(new RegExp(words.join('[\\s\\S]*'))),
});

describe('a merge into a working clone', () => {
  it('moves a clean clone along, files and all', async () => {
    const repository = workingClone();
    const { press, mergeSha } = await ready(repository);
    expect(await press()).toEqual(merged(mergeSha));
    expect(repository.head()).toBe(mergeSha);
    expect(readFileSync(join(repository.path, 'greeting.txt'), 'utf8')).toBe('hello\n');
    expect(repository.git('status', '--porcelain')).toBe('');
  });

  it('leaves untracked files alone', async () => {
    const repository = workingClone();
    const { press, mergeSha } = await ready(repository);
    writeFiles(repository.path, { 'notes.txt': 'mine\n' });
    expect(await press()).toEqual(merged(mergeSha));
    expect(readFileSync(join(repository.path, 'notes.txt'), 'utf8')).toBe('mine\n');
  });

  it.each([
    ['changed', (repository: TestRepository) => writeFiles(repository.path, { 'src/add.js': '// changed\n' })],
    [
      'staged',
      (repository: TestRepository) => {
        writeFiles(repository.path, { 'src/add.js': '// changed\n' });
        repository.git('add', '-A');
      },
    ],
    ['deleted', (repository: TestRepository) => rmSync(join(repository.path, 'src/add.js'))],
  ])('waits while a tracked file is %s, names the folder, and goes on when that is settled', async (_what, change) => {
    const repository = workingClone();
    const { press, mergeSha, baseSha, forge, repo, pullRequest } = await ready(repository);
    change(repository);
    const before = repository.git('status', '--porcelain');
    expect(await press()).toEqual(waits('project', 'Commit or stash', 'press again'));
    expect(repository.head('main')).toBe(baseSha);
    expect(repository.git('status', '--porcelain')).toBe(before);
    expect((await forge.readPullRequest(repo, pullRequest)).state).toBe('open');
    repository.git('stash', '-q');
    expect(await press()).toEqual(merged(mergeSha));
  });

  it('waits when an untracked file would be overwritten, and keeps it', async () => {
    const repository = workingClone();
    const { press, mergeSha, baseSha } = await ready(repository);
    writeFiles(repository.path, { 'greeting.txt': 'mine\n' });
    expect(await press()).toEqual(waits('greeting\\.txt', 'press again'));
    expect(readFileSync(join(repository.path, 'greeting.txt'), 'utf8')).toBe('mine\n');
    expect(repository.head('main')).toBe(baseSha);
    rmSync(join(repository.path, 'greeting.txt'));
    expect(await press()).toEqual(merged(mergeSha));
  });

  it('waits while a rebase, a merge or another git command is under way', async () => {
    const repository = workingClone();
    const { press, mergeSha } = await ready(repository);
    writeFileSync(join(repository.path, '.git', 'MERGE_HEAD'), `${repository.head()}\n`);
    expect(await press()).toEqual(waits('merge is not finished'));
    rmSync(join(repository.path, '.git', 'MERGE_HEAD'));
    writeFileSync(join(repository.path, '.git', 'index.lock'), '');
    expect(await press()).toEqual(waits('press again'));
    rmSync(join(repository.path, '.git', 'index.lock'));
    expect(await press()).toEqual(merged(mergeSha));
  });

  it('moves only the branch while another one is checked out, dirty or not', async () => {
    const repository = workingClone();
    repository.git('switch', '-q', '-c', 'mine');
    const { press, mergeSha } = await ready(repository);
    writeFiles(repository.path, { 'README.md': 'changed\n' });
    expect(await press()).toEqual(merged(mergeSha));
    expect(repository.head('main')).toBe(mergeSha);
    expect(readFileSync(join(repository.path, 'README.md'), 'utf8')).toBe('changed\n');
    expect(existsSync(join(repository.path, 'greeting.txt'))).toBe(false);
  });

  it('looks at the linked worktree that has the base checked out', async () => {
    const repository = workingClone();
    repository.git('switch', '-q', '-c', 'mine');
    const linked = join(temporaryFolder(), 'linked');
    repository.git('worktree', 'add', '-q', linked, 'main');
    const { press, mergeSha } = await ready(repository);
    writeFiles(linked, { 'README.md': 'changed\n' });
    expect(await press()).toEqual(waits('linked', 'Commit or stash'));
    gitIn(linked, 'checkout', '-q', '--', 'README.md');
    expect(await press()).toEqual(merged(mergeSha));
    expect(readFileSync(join(linked, 'greeting.txt'), 'utf8')).toBe('hello\n');
  });

  it('waits when the change holds files of a filter such as LFS, which only the person can run', async () => {
    const repository = workingClone({ '.gitattributes': '*.bin filter=lfs\n', 'README.md': 'x\n' });
    const { press, mergeSha } = await ready(repository, { 'picture.bin': 'pointer\n' });
    expect(await press()).toEqual(waits('lfs', 'git switch --detach'));
    repository.git('switch', '-q', '--detach');
    expect(await press()).toEqual(merged(mergeSha));
    const untouched = workingClone({ '.gitattributes': '*.bin filter=lfs\n', 'README.md': 'x\n' });
    const other = await ready(untouched, { 'text.txt': 'x\n' });
    expect(await other.press()).toEqual(merged(other.mergeSha));
  });

  it('finishes what a kill cut short between the files and the branch', async () => {
    const repository = workingClone();
    const { press, mergeSha, mirrorsDir, baseSha } = await ready(repository);
    const { gitDir } = await openMirror(mirrorsDir, 'project-1', silentLog);
    repository.git('fetch', '-q', gitDir, `${mergeSha}:refs/keep/merge`);
    repository.git('read-tree', '-u', '-m', baseSha, mergeSha);
    expect(repository.git('status', '--porcelain')).not.toBe('');
    expect(await press()).toEqual(merged(mergeSha));
    expect(repository.head('main')).toBe(mergeSha);
    expect(repository.git('status', '--porcelain')).toBe('');
  });

  it('finds its own merge after a kill between push and record, also by just looking (F02)', async () => {
    for (const asks of ['press', 'look'] as const) {
      const repository = workingClone();
      const { press, mergeSha, headSha, mirrorsDir, forge, repo, pullRequest } = await ready(repository);
      const { gitDir } = await openMirror(mirrorsDir, 'project-1', silentLog);
      repository.git('switch', '-q', '--detach');
      repository.git('fetch', '-q', gitDir, `${mergeSha}:refs/heads/main`);
      if (asks === 'press') expect(await press()).toEqual(merged(mergeSha));
      expect(await forge.readPullRequest(repo, pullRequest)).toEqual({ state: 'merged', headSha, mergedSha: mergeSha });
    }
  });

  it('notices that a person merged by hand', async () => {
    const repository = workingClone();
    const { press, forge, repo, pullRequest } = await ready(repository);
    repository.commit({ 'between.txt': 'x\n' });
    repository.git('merge', '-q', '--no-ff', '-m', 'by hand', BRANCH);
    const byHand = repository.head('main') ?? '';
    repository.commit({ 'after.txt': 'x\n' });
    expect(await forge.readPullRequest(repo, pullRequest)).toMatchObject({ state: 'merged', mergedSha: byHand });
    expect(await press()).toEqual(merged(byHand));
  });

  it('does not move a branch of its own under a person who looks at it with changes', async () => {
    const repository = workingClone();
    const { forge, repo, headSha, work } = await ready(repository);
    repository.git('switch', '-q', BRANCH);
    writeFiles(repository.path, { 'greeting.txt': 'changed\n' });
    const next = await work(headSha, { 'more.txt': 'x\n' });
    await expect(forge.push(repo, BRANCH, headSha, next)).rejects.toMatchObject({
      code: 'branch-checked-out',
      message: expect.stringContaining('Commit or stash'),
    });
    repository.git('stash', '-q');
    expect(await forge.push(repo, BRANCH, headSha, next)).toEqual({ outcome: 'pushed', actualSha: next });
    expect(existsSync(join(repository.path, 'more.txt'))).toBe(true);
  });

  it('says what git said when the repository does not take the push', async () => {
    const repository = workingClone();
    repository.git('switch', '-q', '-c', 'mine');
    const { press, baseSha } = await ready(repository);
    mkdirSync(join(repository.path, '.git', 'refs', 'heads'), { recursive: true });
    writeFileSync(join(repository.path, '.git', 'refs', 'heads', 'main.lock'), '');
    await expect(press()).rejects.toMatchObject({
      code: 'push-failed',
      retryable: true,
      message: expect.stringContaining('main.lock'),
    });
    expect(repository.head('main')).toBe(baseSha);
  });
});

describe.skipIf(process.getuid?.() !== 0)('a repository of another user (needs root)', () => {
  it('keeps every file theirs', async () => {
    const repository = workingClone();
    const nobody = 65_534;
    const own = (path: string) => {
      chownSync(path, nobody, nobody);
      if (lstatSync(path).isDirectory()) for (const name of readdirSync(path)) own(join(path, name));
    };
    own(repository.path);
    const { press, mergeSha } = await ready(repository);
    expect(await press()).toEqual(merged(mergeSha));
    const foreign: string[] = [];
    const walk = (path: string) => {
      const { uid } = lstatSync(path);
      if (uid !== nobody) foreign.push(path);
      if (lstatSync(path).isDirectory()) for (const name of readdirSync(path)) walk(join(path, name));
    };
    walk(repository.path);
    expect(foreign).toEqual([]);
  });

  it('is read also when the factory is neither root nor the owner', async () => {
    const repository = workingClone();
    const program = uploadPack(null);
    const call = { args: ['ls-remote', program, '--', repository.path], trusted: [program], workingFolder: '/' };
    const listed = await runGit({ ...call, runAs: { uid: 65_534, gid: 65_534 } });
    expect(listed.stderr).toBe('');
    expect(listed.stdout.toString()).toContain(repository.head());
  });
});
