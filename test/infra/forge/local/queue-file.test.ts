import { chownSync, lstatSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openMirror } from '#infra/git/mirror.ts';
import { inspectRepository } from '#infra/git/inspect-repository.ts';
import { silentLog } from '#src/ports/log.ts';
import { QUEUE_FILE } from '#src/ports/queue-file.ts';
import { type TestRepository, workingClone, writeFiles } from '#test/support/repository.ts';
import { localHarness } from './harness.ts';

const BRANCH = 'factory/7-add-greeting';
const COMMITTED = '[]\n';
const WRITTEN = '[{ "id": "a", "status": "in-review" }]\n';

/** A clone whose queue is committed, and then written to; with a pull request that is ready to be merged. */
async function ready(change: Readonly<Record<string, string>> = { 'greeting.txt': 'hello\n', 'README.md': '# Hi\n' }) {
  const repository = workingClone({ 'README.md': '# Example\n', 'src/add.js': '//\n', [QUEUE_FILE]: COMMITTED });
  const harness = await localHarness(repository);
  const { forge, repo, baseSha } = harness;
  await forge.createBranch(repo, BRANCH, baseSha);
  const headSha = await harness.work(baseSha, change);
  await forge.push(repo, BRANCH, baseSha, headSha);
  const pullRequest = await forge.openPullRequest(repo, { taskId: 't', title: 't', body: '', branch: BRANCH, headSha });
  const mergeSha = await harness.merge(baseSha, headSha);
  writeFiles(repository.path, { [QUEUE_FILE]: WRITTEN });
  const press = () => forge.merge(repo, pullRequest, { headSha, baseSha, mergeSha });
  return { ...harness, repository, mergeSha, press };
}

const queueOf = ({ path }: TestRepository) => readFileSync(join(path, QUEUE_FILE), 'utf8');
const statusOf = (repository: TestRepository) => repository.git('status', '--porcelain').trimEnd();

describe('a merge into a clone whose queue was written to', () => {
  it('does not wait, moves the other files, and keeps the queue as it stands there', async () => {
    const { repository, press, mergeSha } = await ready();
    expect(await press()).toEqual({ outcome: 'merged', mergedSha: mergeSha });
    expect(repository.head('main')).toBe(mergeSha);
    expect(readFileSync(join(repository.path, 'greeting.txt'), 'utf8')).toBe('hello\n');
    expect(queueOf(repository)).toBe(WRITTEN);
    expect(statusOf(repository)).toBe(` M ${QUEUE_FILE}`);
    expect(repository.git('for-each-ref', 'refs/factory')).toBe('');
  });

  it('does not wait either where the person has staged it', async () => {
    const { repository, press, mergeSha } = await ready();
    repository.git('add', QUEUE_FILE);
    expect(await press()).toEqual({ outcome: 'merged', mergedSha: mergeSha });
    expect(statusOf(repository)).toBe(`M  ${QUEUE_FILE}`);
  });

  it('waits as ever while any other file is changed', async () => {
    const { repository, press, baseSha } = await ready();
    writeFiles(repository.path, { 'src/add.js': '// mine\n' });
    expect(await press()).toMatchObject({ outcome: 'waits', reason: expect.stringContaining('Commit or stash') });
    expect(repository.head('main')).toBe(baseSha);
    expect(readFileSync(join(repository.path, 'src/add.js'), 'utf8')).toBe('// mine\n');
  });

  it('waits where the change itself touches the queue, and loses neither', async () => {
    const { repository, press, baseSha, mergeSha } = await ready({ [QUEUE_FILE]: '["other"]\n', 'new.txt': 'x\n' });
    expect(await press()).toMatchObject({ outcome: 'waits', reason: expect.stringContaining('Commit or stash') });
    expect(repository.head('main')).toBe(baseSha);
    expect(statusOf(repository)).toBe(` M ${QUEUE_FILE}`);
    expect(queueOf(repository)).toBe(WRITTEN);
    repository.git('stash', '-q');
    expect(await press()).toEqual({ outcome: 'merged', mergedSha: mergeSha });
  });

  it('finishes what a kill cut short between the files and the branch', async () => {
    const { repository, press, mergeSha, mirrorsDir, baseSha } = await ready();
    const { gitDir } = await openMirror(mirrorsDir, 'project-1', silentLog);
    repository.git('fetch', '-q', gitDir, `${mergeSha}:refs/factory/incoming/${mergeSha}`);
    repository.git('read-tree', '-u', '-m', baseSha, mergeSha);
    expect(await press()).toEqual({ outcome: 'merged', mergedSha: mergeSha });
    expect(repository.head('main')).toBe(mergeSha);
    expect(statusOf(repository)).toBe(` M ${QUEUE_FILE}`);
  });

  it('is not announced as one that would have to wait', async () => {
    const { repository } = await ready();
    expect((await inspectRepository(repository.path)).dirtyOnBase).toBe(false);
    writeFiles(repository.path, { 'src/add.js': '// mine\n' });
    expect((await inspectRepository(repository.path)).dirtyOnBase).toBe(true);
  });

  it.skipIf(process.getuid?.() !== 0)('keeps every file its owner’s (needs root)', async () => {
    const { repository, press, mergeSha } = await ready();
    const nobody = 65_534;
    const below = (path: string): string[] => [
      path,
      ...(lstatSync(path).isDirectory() ? readdirSync(path).flatMap((name) => below(join(path, name))) : []),
    ];
    for (const path of below(repository.path)) chownSync(path, nobody, nobody);
    expect(await press()).toEqual({ outcome: 'merged', mergedSha: mergeSha });
    expect(below(repository.path).filter((path) => lstatSync(path).uid !== nobody)).toEqual([]);
  });
});
