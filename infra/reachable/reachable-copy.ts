import { createHash, randomUUID } from 'node:crypto';
import { constants, readdirSync, type Stats, statSync } from 'node:fs';
import { chmod, cp, mkdir, realpath, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { blockingFolder, isAllowed, type ProcessIds } from './unprivileged.ts';

/**
 * A path at which `ids` can read and run `source` (a file, or a folder of programs). `source` itself where that works
 * (always without `ids`), else a copy under `home/bin`, made once for the same content and shared by all processes.
 * `home` must be reachable by `ids` (see chooseDataHome). Throws the file system's own error, such as ENOSPC.
 */
export async function reachableCopy(source: string, home: string, ids: ProcessIds | undefined): Promise<string> {
  if (ids === undefined || (await isReachable(source, ids))) return source;
  return copyInto(source, home);
}

/** Copies `source` to `home/bin/<name>-<key of its content>` unless it is there, open for everybody to read and run. */
export async function copyInto(source: string, home: string): Promise<string> {
  const from = await realpath(source);
  const bin = path.join(home, 'bin');
  await mkdir(bin, { recursive: true });
  await chmod(bin, 0o755);
  const target = path.join(bin, `${path.basename(source)}-${contentKey(from)}`);
  if (await exists(target)) return target;

  // Copied beside and renamed: a process that dies half way leaves no half copy behind that looks whole.
  const partial = `${target}.${process.pid}.${randomUUID().slice(0, 8)}.partial`;
  try {
    await cp(from, partial, { recursive: true, verbatimSymlinks: true, mode: constants.COPYFILE_FICLONE });
    await openToAll(partial);
    await rename(partial, target);
  } catch (error) {
    await rm(partial, { recursive: true, force: true });
    if (!(await exists(target))) throw error;
  }
  return target;
}

async function isReachable(source: string, ids: ProcessIds): Promise<boolean> {
  const real = await realpath(source);
  if ((await blockingFolder(real, ids)) !== undefined) return false;
  for (const entry of walk(real)) {
    // A link is judged by what it points at inside the same tree.
    if (entry.kind !== 'link' && !isAllowed(entry.stats, ids, entry.kind === 'folder' ? 0o5 : 0o4)) return false;
  }
  return true;
}

/**
 * A folder is known by its names and sizes, not its times: a reinstall of the same version must not make a second copy
 * of 60 MB. One file alone is known by its size and time.
 */
function contentKey(source: string): string {
  const hash = createHash('sha256').update(path.basename(path.dirname(source)));
  for (const entry of walk(source)) {
    hash.update(`\0${path.relative(source, entry.path)}\0${entry.kind === 'file' ? entry.stats.size : entry.kind}`);
    if (entry.path === source && entry.kind === 'file') hash.update(`\0${entry.stats.mtimeMs}`);
  }
  return hash.digest('hex').slice(0, 12);
}

async function openToAll(root: string): Promise<void> {
  for (const entry of walk(root)) {
    if (entry.kind === 'folder') await chmod(entry.path, 0o755);
    else if (entry.kind === 'file') await chmod(entry.path, (entry.stats.mode & 0o100) === 0 ? 0o644 : 0o755);
  }
}

interface Entry {
  path: string;
  kind: 'file' | 'folder' | 'link';
  stats: Stats;
}

/** `root` and everything below it, in name order. Synchronous: a thousand looks take 5 ms so, and 50 ms otherwise. */
function* walk(root: string): Generator<Entry> {
  const stats = statSync(root);
  if (!stats.isDirectory()) {
    yield { path: root, kind: 'file', stats };
    return;
  }
  yield { path: root, kind: 'folder', stats };
  const children = readdirSync(root, { withFileTypes: true });
  for (const child of children.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const childPath = path.join(root, child.name);
    if (child.isSymbolicLink()) yield { path: childPath, kind: 'link', stats };
    else yield* walk(childPath);
  }
}

async function exists(target: string): Promise<boolean> {
  try {
    await stat(target);
    return true;
  } catch {
    return false;
  }
}
