import { type BigIntStats, constants } from 'node:fs';
import { lstat, open, rename, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { gitDirOf } from '#infra/git/locate-repository.ts';
import { runGit } from '#infra/git/run-git.ts';
import { MAX_QUEUE_BYTES, QUEUE_FILE } from '#src/ports/queue-file.ts';
import type { QueueFiles, QueueText } from '#src/ports/queue-file.ts';
import { openQueueFolder, type QueueFolder } from './queue-folder.ts';
import { refused } from './refused.ts';

const NAME = basename(QUEUE_FILE);
/** One name for all, so that what a killed process left is found by the next. */
const UNFINISHED = `.${NAME}.unfinished`;

/** Queues in folders of this machine. */
export function createQueueFiles(): QueueFiles {
  return {
    async stamp({ path }) {
      const found = await lstat(join(path, QUEUE_FILE), { bigint: true }).catch(() => null);
      return found === null ? null : stampOf(found);
    },
    async read(repo) {
      if (!(await hasBaseCheckedOut(repo))) return null;
      return inFolder(repo, (folder) => readFrom(folder));
    },
    async replace(repo, read, text) {
      if (!(await hasBaseCheckedOut(repo))) return false;
      return (await inFolder(repo, (folder) => replaceIn(folder, read, text))) ?? false;
    },
  };
}

async function inFolder<T>(repo: { path: string }, work: (folder: QueueFolder) => Promise<T>): Promise<T | null> {
  const folder = await openQueueFolder(repo);
  if (folder === null) return null;
  try {
    return await work(folder);
  } finally {
    await folder.close();
  }
}

async function readFrom(folder: QueueFolder): Promise<QueueText | null> {
  const path = folder.pathOf(NAME);
  const there = await lstat(path).catch(() => null);
  if (there === null) return null;
  if (!there.isFile()) throw refused('it is a link or no plain file');
  // Also against whoever puts something else there in this moment: a link is not followed, a pipe not waited for.
  const handle = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  try {
    const found = await handle.stat({ bigint: true });
    if (!found.isFile()) throw refused('it is no plain file');
    if (found.size > MAX_QUEUE_BYTES)
      throw refused(`it has ${found.size} bytes, and at most ${MAX_QUEUE_BYTES} are read`);
    const bytes = Buffer.alloc(MAX_QUEUE_BYTES + 1);
    const { bytesRead } = await handle.read(bytes, 0, bytes.length, 0);
    return { text: decode(bytes.subarray(0, bytesRead)), stamp: stampOf(found) };
  } finally {
    await handle.close();
  }
}

/** The bytes as they are, with whatever mark they begin with, so that they can be written back. */
function decode(bytes: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    const wrongAt = [...bytes.toString('utf8')].indexOf('\uFFFD');
    const line = bytes.toString('utf8').slice(0, Math.max(0, wrongAt)).split('\n').length;
    throw refused(`line ${line} is not UTF-8`);
  }
}

/** Beside it and then in its place, with the owner and mode that it had. */
async function replaceIn(folder: QueueFolder, read: QueueText, text: string): Promise<boolean> {
  const path = folder.pathOf(NAME);
  const unfinished = folder.pathOf(UNFINISHED);
  const before = await lstat(path, { bigint: true }).catch(() => null);
  if (before === null) return false;
  await rm(unfinished, { force: true });
  const handle = await open(unfinished, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL, 0o600);
  try {
    await handle.writeFile(text, 'utf8');
    if (process.getuid?.() === 0) await handle.chown(Number(before.uid), Number(before.gid));
    await handle.chmod(Number(before.mode & 0o7777n));
    await handle.sync();
  } finally {
    await handle.close();
  }
  // Looked at last of all: who saved it since it was read, also while this was written, keeps their words.
  const now = await lstat(path, { bigint: true }).catch(() => null);
  if (now === null || stampOf(now) !== read.stamp) {
    await rm(unfinished, { force: true });
    return false;
  }
  await rename(unfinished, path);
  return true;
}

function stampOf({ dev, ino, size, mtimeNs, ctimeNs }: BigIntStats): string {
  return [dev, ino, size, mtimeNs, ctimeNs].join('-');
}

/** A folder on another branch, or in the middle of a rebase, shows a queue of another time. */
async function hasBaseCheckedOut({ path, baseBranch }: { path: string; baseBranch: string }): Promise<boolean> {
  const gitDir = await gitDirOf(path).catch(() => null);
  if (gitDir === null || gitDir === path) return false;
  const head = await runGit({ gitDir, workingFolder: path, args: ['symbolic-ref', '--quiet', 'HEAD'] });
  return head.exitCode === 0 && head.stdout.toString('utf8').trim() === `refs/heads/${baseBranch}`;
}
