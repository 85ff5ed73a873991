import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  bareRepository,
  cloneWithSubmodule,
  emptyRepository,
  gitIn,
  plantHooks,
  workingClone,
  writeFiles,
} from '#test/support/repository.ts';
import { ErrorDocument } from './support/documents.ts';
import { E2E_TIMEOUT_MS, expectSound, runFile, subjects } from './support/runs.ts';
import { chatgptConversation, nodeProject, oneStory, twoStories, writeExport } from './support/talk.ts';
import { createTestWorkbench } from './support/workbench.ts';
import type { TestWorkbench } from './support/workbench.ts';

describe('run, on every kind of repository', { timeout: E2E_TIMEOUT_MS }, () => {
  let workbench: TestWorkbench;
  let one: string;
  let two: string;
  beforeAll(async () => {
    workbench = await createTestWorkbench();
    one = writeExport(workbench.folder, 'one.json', chatgptConversation('Doubling', oneStory));
    two = writeExport(workbench.folder, 'two.json', chatgptConversation('Doubling twice', twoStories));
  });
  afterAll(() => workbench.remove());

  const refused = async (repo: string, words: readonly string[] = []) => {
    const ran = await workbench.run(['run', one, '--repo', repo, '--approve-as', 'local', ...words]);
    expect(ran.exitCode).toBe(1);
    return ErrorDocument.parse(ran.document()).error;
  };

  it('takes two tasks, one building on the other, onto a clean clone and its files', async () => {
    const repository = workingClone(nodeProject);
    const result = await runFile(workbench, two, repository.path);

    expect(result.exitCode).toBe(0);
    expect(result.tasks.map(({ state, attempts, waitingFor }) => ({ state, attempts, waitingFor }))).toEqual([
      { state: 'merged', attempts: 1, waitingFor: null },
      { state: 'merged', attempts: 1, waitingFor: null },
    ]);
    expect(result.tasks.map(({ pullRequest }) => pullRequest)).toEqual([1, 2]);
    expect(repository.head('main')).toBe(result.tasks[1]?.mergedSha);
    expect(repository.git('rev-parse', 'main~1').trim()).toBe(result.tasks[0]?.mergedSha);
    expect(subjects(repository.git)).toEqual([
      expect.stringMatching(/^Merge task 2: /),
      expect.stringMatching(/^Merge task 1: /),
      'first',
    ]);
    expect(readFileSync(path.join(repository.path, 'src/quadruple.js'), 'utf8')).toContain('double(double(n))');
    expect(repository.git('status', '--porcelain').trim()).toBe('');
    expect(repository.git('rev-parse', `${result.tasks[0]?.branch}`).trim()).toBe(result.tasks[0]?.headSha);
    // The tests went in first, by Vera; the code after them, by Ollan.
    expect(
      repository
        .git('log', '--format=%an', `${result.tasks[0]?.mergedSha}^1..${result.tasks[0]?.headSha}`)
        .trim()
        .split('\n'),
    ).toEqual(['Ollan (Factory Workbench)', 'Vera (Factory Workbench)']);
    expect(result.ledger.verified).toBe(true);
    await expectSound(workbench);

    const again = await runFile(workbench, two, repository.path);
    expect(again).toEqual(result);
    expect(subjects(repository.git)).toHaveLength(3);
  });

  it('starts anew with --again, as a second set of tasks', async () => {
    const repository = workingClone(nodeProject);
    const first = await runFile(workbench, one, repository.path);
    repository.commit({ 'src/double.js': null, 'test/double.test.js': null }, 'take it out again');
    const anew = await runFile(workbench, one, repository.path, ['--approve-as', 'local', '--again']);

    expect(anew.exitCode).toBe(0);
    expect(anew.conversationId).not.toBe(first.conversationId);
    expect(anew.tasks).toHaveLength(1);
    expect(anew.tasks[0]?.id).not.toBe(first.tasks[0]?.id);
    expect(anew.tasks[0]?.mergedSha).toBe(repository.head('main'));
    expect(subjects(repository.git)).toHaveLength(4);
  });

  it('merges into a bare repository', async () => {
    const repository = bareRepository();
    const result = await runFile(workbench, one, repository.path);
    expect(result).toMatchObject({ exitCode: 0, tasks: [{ state: 'merged' }] });
    expect(repository.head('main')).toBe(result.tasks[0]?.mergedSha);
  });

  it('counts paths from where the person stands', async () => {
    const repository = workingClone(nodeProject);
    const stand = path.dirname(repository.path);
    writeExport(stand, 'talk.json', chatgptConversation('Doubling', oneStory));
    const result = await runFile(workbench, 'talk.json', 'project', ['--approve-as', 'local'], { cwd: stand });
    expect(result).toMatchObject({ exitCode: 0, tasks: [{ state: 'merged' }] });
  });

  it('leaves a dirty clone alone, says so, and goes on once it is clean', async () => {
    const repository = workingClone(nodeProject);
    writeFiles(repository.path, { 'src/one.js': 'export const one = 1; // mine, not committed\n' });
    const before = repository.head('main');

    const waiting = await runFile(workbench, one, repository.path);
    expect(waiting.exitCode).toBe(3);
    expect(waiting.tasks[0]).toMatchObject({ state: 'approved', mergedSha: null, waitingFor: { kind: 'dirty-clone' } });
    expect(waiting.tasks[0]?.waitingFor?.text).toMatch(/commit|stash/i);
    expect(repository.head('main')).toBe(before);
    expect(readFileSync(path.join(repository.path, 'src/one.js'), 'utf8')).toContain('mine');

    repository.git('checkout', '-q', '--', '.');
    const ended = await runFile(workbench, one, repository.path);
    expect(ended).toMatchObject({
      exitCode: 0,
      tasks: [{ id: waiting.tasks[0]?.id, state: 'merged', pullRequest: 1 }],
    });
    expect(repository.head('main')).toBe(ended.tasks[0]?.mergedSha);
    expect(subjects(repository.git)).toHaveLength(2);
    await expectSound(workbench);
  });

  it('merges beside a dirty tree that has another branch checked out', async () => {
    const repository = workingClone(nodeProject);
    repository.git('checkout', '-q', '-b', 'mine');
    writeFiles(repository.path, { 'src/one.js': 'export const one = 11;\n' });
    const result = await runFile(workbench, one, repository.path, ['--approve-as', 'local', '--base', 'main']);
    expect(result).toMatchObject({ exitCode: 0, tasks: [{ state: 'merged' }] });
    expect(repository.head('main')).toBe(result.tasks[0]?.mergedSha);
    expect(repository.git('rev-parse', '--abbrev-ref', 'HEAD').trim()).toBe('mine');
    expect(readFileSync(path.join(repository.path, 'src/one.js'), 'utf8')).toBe('export const one = 11;\n');
    expect(existsSync(path.join(repository.path, 'src/double.js'))).toBe(false);
  });

  it('refuses a detached clone unless a base is named', async () => {
    const repository = workingClone(nodeProject);
    repository.git('checkout', '-q', '--detach');
    const error = await refused(repository.path);
    expect(`${error.message} ${error.fix}`).toMatch(/--base/);
    const result = await runFile(workbench, one, repository.path, ['--approve-as', 'local', '--base', 'main']);
    expect(result).toMatchObject({ exitCode: 0, tasks: [{ state: 'merged' }] });
  });

  it('refuses what is not a repository with a commit, each with a sentence', async () => {
    const folder = path.join(workbench.folder, 'plain');
    mkdirSync(folder, { recursive: true });
    const codes = [
      (await refused(folder)).code,
      (await refused(path.join(workbench.folder, 'nowhere'))).code,
      (await refused(emptyRepository().path)).code,
      (await refused(one)).code,
      (await refused(workingClone(nodeProject).path, ['--base', 'no-such-branch'])).code,
    ];
    expect(new Set(codes).size).toBeGreaterThanOrEqual(4);
    expect(codes).not.toContain('unexpected');
    expect(codes).not.toContain('usage');
  });

  it('works beside submodules', async () => {
    const repository = cloneWithSubmodule();
    const result = await runFile(workbench, one, repository.path);
    expect(result).toMatchObject({ exitCode: 0, tasks: [{ state: 'merged' }] });
    expect(repository.git('ls-tree', 'main', 'part')).toMatch(/^160000 commit/);
  });

  it('runs none of the hooks that lie in the repository', async () => {
    const repository = workingClone(nodeProject);
    const marker = path.join(path.dirname(repository.path), 'marker');
    plantHooks(path.join(repository.path, '.git'), marker);
    chmodSync(path.dirname(repository.path), 0o777);
    const filter = path.join(path.dirname(repository.path), 'filter.sh');
    writeFileSync(filter, `#!/bin/sh\necho filter >> '${marker}'\ncat\n`, { mode: 0o755 });
    const result = await runFile(workbench, one, repository.path);
    expect(result).toMatchObject({ exitCode: 0, tasks: [{ state: 'merged' }] });
    expect(existsSync(marker)).toBe(false);
    // The person's own git does run them: they were really there.
    gitIn(repository.path, 'commit', '-q', '--allow-empty', '-m', 'mine');
    expect(readFileSync(marker, 'utf8')).toContain('hook-post-commit');
  });
});
