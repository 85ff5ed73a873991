import { describe, expect, it } from 'vitest';
import { type TestRepository, workingClone, writeFiles } from '#test/support/repository.ts';
import { localHarness } from './harness.ts';

const BRANCH = 'factory/7-add-greeting';

/** A working clone with the factory's branch checked out, as somebody has it who took the work over. */
async function takenOver() {
  const repository = workingClone();
  const { forge, repo, baseSha } = await localHarness(repository);
  await forge.createBranch(repo, BRANCH, baseSha);
  repository.git('switch', '-q', BRANCH);
  return { repository, look: () => forge.branchHead(repo, BRANCH) };
}

describe('the head of a branch that a person works on', () => {
  it('is what they committed', async () => {
    const { repository, look } = await takenOver();
    const theirs = repository.commit({ 'theirs.txt': 'x\n' });
    expect(await look()).toBe(theirs);
  });

  it.each([
    ['changed', () => {}],
    ['staged', (repository: TestRepository) => repository.git('add', '-A')],
  ])('is refused while files are %s and not committed, and given once they are', async (_how, then) => {
    const { repository, look } = await takenOver();
    writeFiles(repository.path, { 'src/add.js': '// changed\n' });
    then(repository);
    await expect(look()).rejects.toMatchObject({
      code: 'work-not-committed',
      message: expect.stringContaining(repository.path),
      fix: expect.stringContaining('hand back'),
    });
    repository.git('commit', '-q', '-a', '-m', 'mine');
    expect(await look()).toBe(repository.head());
  });

  it('is refused while a merge is not finished', async () => {
    const { repository, look } = await takenOver();
    const base = repository.head();
    repository.commit({ 'src/add.js': '// mine\n' });
    repository.git('switch', '-q', '-c', 'other', base ?? '');
    repository.commit({ 'src/add.js': '// other\n' });
    repository.git('switch', '-q', BRANCH);
    expect(() => repository.git('merge', '-q', 'other')).toThrow();
    await expect(look()).rejects.toMatchObject({ message: expect.stringContaining('merge') });
  });

  it('does not mind what is not committed elsewhere', async () => {
    const { repository, look } = await takenOver();
    repository.git('switch', '-q', 'main');
    writeFiles(repository.path, { 'src/add.js': '// changed\n' });
    expect(await look()).toBe(repository.head(`refs/heads/${BRANCH}`));
  });
});
