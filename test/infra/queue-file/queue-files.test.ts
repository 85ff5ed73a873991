import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createQueueFiles } from '#infra/queue-file/queue-files.ts';
import { MAX_QUEUE_BYTES, QUEUE_FILE } from '#src/ports/queue-file.ts';
import { bareRepository, temporaryFolder, workingClone, writeFiles } from '#test/support/repository.ts';

const files = createQueueFiles();

function cloneWithQueue(text = '[]\n') {
  const repository = workingClone();
  writeFiles(repository.path, { [QUEUE_FILE]: text });
  const file = join(repository.path, QUEUE_FILE);
  return { repository, file, repo: { path: repository.path, baseBranch: 'main' } };
}

const refusal = (words: string) =>
  expect.objectContaining({ code: 'queue-file-refused', message: expect.stringContaining(words) });

describe('the queue of a working copy', () => {
  it('is read with a stamp that changes with it', async () => {
    const { repo, file } = cloneWithQueue();
    const first = await files.read(repo);
    expect(first).toEqual({ text: '[]\n', stamp: await files.stamp(repo) });
    writeFileSync(file, '{}\n');
    expect(await files.stamp(repo)).not.toBe(first?.stamp);
  });

  it('is not there in a repository without one, nor in a bare one', async () => {
    const none = { path: workingClone().path, baseBranch: 'main' };
    expect([await files.stamp(none), await files.read(none)]).toEqual([null, null]);
    const bare = bareRepository();
    writeFiles(bare.path, { [QUEUE_FILE]: '[]' });
    expect(await files.read({ path: bare.path, baseBranch: 'main' })).toBeNull();
  });

  it('is looked at only while the base branch is checked out', async () => {
    const { repo, repository, file } = cloneWithQueue();
    const read = (await files.read(repo)) ?? { text: '', stamp: '' };
    repository.git('switch', '-q', '-c', 'draft');
    expect(await files.read(repo)).toBeNull();
    expect(await files.replace(repo, read, '[1]')).toBe(false);
    expect(readFileSync(file, 'utf8')).toBe('[]\n');
    repository.git('switch', '-q', '--detach', 'main');
    expect(await files.read(repo)).toBeNull();
  });

  it.each<[string, string, (file: string) => void]>([
    ['a link (A07)', 'link or no plain file', (file) => relink(file, join(dirname(file), '..', '..', 'README.md'))],
    ['in a folder that is a link (A07)', 'is a link or no folder', (file) => moveAway(dirname(file))],
    ['below a folder that is a link (A07)', 'on the way to it is a link', (file) => moveAway(dirname(dirname(file)))],
    ['a folder', 'link or no plain file', (file) => (rmSync(file), mkdirSync(file))],
    ['a pipe', 'link or no plain file', (file) => (rmSync(file), execFileSync('sh', ['-c', 'mkfifo "$0"', file]))],
    ['too large', `${MAX_QUEUE_BYTES + 1} bytes`, (file) => writeFileSync(file, ' '.repeat(MAX_QUEUE_BYTES + 1))],
    ['no text', 'line 2 is not UTF-8', (file) => writeFileSync(file, Buffer.from([0x5b, 0x0a, 0xff]))],
  ])('is refused where it is %s', async (_what, words, change) => {
    const { repo, file } = cloneWithQueue();
    change(file);
    await expect(files.read(repo)).rejects.toThrow(refusal(words));
  });
});

describe('writing the queue back', () => {
  it('puts the whole text in its place, with the mode that it had', async () => {
    const { repo, file } = cloneWithQueue();
    chmodSync(file, 0o640);
    const read = (await files.read(repo)) ?? { text: '', stamp: '' };
    writeFileSync(join(dirname(file), '.queue.json.unfinished'), 'left by a kill');
    expect(await files.replace(repo, read, '["é"]\n')).toBe(true);
    expect(readFileSync(file, 'utf8')).toBe('["é"]\n');
    expect(statSync(file).mode & 0o777).toBe(0o640);
    expect(readdirSync(dirname(file))).toEqual(['queue.json']);
  });

  it('writes nothing where somebody saved it since, or put a link there (A07)', async () => {
    const { repo, file } = cloneWithQueue();
    const read = (await files.read(repo)) ?? { text: '', stamp: '' };
    writeFileSync(file, '["mine"]\n');
    expect(await files.replace(repo, read, '["factory"]\n')).toBe(false);
    expect(readFileSync(file, 'utf8')).toBe('["mine"]\n');
    const elsewhere = join(temporaryFolder(), 'kept.json');
    writeFileSync(elsewhere, 'kept');
    relink(file, elsewhere);
    expect(await files.replace(repo, read, '["factory"]\n')).toBe(false);
    expect(readFileSync(elsewhere, 'utf8')).toBe('kept');
  });

  it.skipIf(process.getuid?.() !== 0)('leaves the file to its owner (needs root)', async () => {
    const { repo, file } = cloneWithQueue();
    chownSync(file, 65_534, 65_534);
    const read = (await files.read(repo)) ?? { text: '', stamp: '' };
    expect(await files.replace(repo, read, '[1]\n')).toBe(true);
    expect([statSync(file).uid, statSync(file).gid]).toEqual([65_534, 65_534]);
  });
});

function relink(file: string, target: string): void {
  rmSync(file);
  symlinkSync(target, file);
}

/** Puts a link to it in the place of a folder. */
function moveAway(folder: string): void {
  const elsewhere = join(temporaryFolder(), 'elsewhere');
  renameSync(folder, elsewhere);
  symlinkSync(elsewhere, folder);
}
