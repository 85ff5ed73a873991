import { constants, existsSync } from 'node:fs';
import { type FileHandle, mkdir, open } from 'node:fs/promises';
import { FactoryError } from '#src/errors.ts';

/**
 * Opening files in a folder that unreviewed code could write, without ever following a link that it planted.
 * Node has no `openat`; on Linux `/proc/self/fd/N/name` is one: each folder on the way is opened with `O_NOFOLLOW`
 * and the next name is looked up in that open folder, so that nothing can be swapped between a look and a use.
 * Elsewhere each step is opened by its full path with `O_NOFOLLOW`, which refuses planted links but not a swap.
 */
const HAS_PROC_FD = existsSync('/proc/self/fd');

const FOLDER = constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW;

interface OpenFolder {
  handle: FileHandle;
  /** A path that names exactly this open folder. */
  path: string;
}

/** The names of a relative path. Throws `sandbox-path-refused` for what is absolute, climbs or cannot be a file name. */
export function pathNames(path: string): string[] {
  const names = path.split('/').filter((name) => name !== '' && name !== '.');
  const climbs = names.includes('..') || path.startsWith('/') || path.includes('\0');
  const tooLong = names.some((name) => Buffer.byteLength(name) > 255) || names.length > 100;
  if (climbs || tooLong) throw refused(path, 'it is not a plain path inside the workspace');
  return names;
}

/**
 * Opens the file at `path` beneath `root` with `flags` (`O_NOFOLLOW` and `O_NONBLOCK` are added: a planted pipe must
 * not make the factory wait). Only a regular file is opened. Returns null when it does not exist.
 */
export async function openBeneath(
  root: string,
  path: string,
  flags: number,
  make: { folders: boolean; owner: { uid: number; gid: number } | null } = { folders: false, owner: null },
): Promise<FileHandle | null> {
  const names = pathNames(path);
  const fileName = names.pop();
  if (fileName === undefined) throw refused(path, 'it names no file');
  let folder: OpenFolder | null = await openFolder(root);
  try {
    for (const name of names) {
      const inner: OpenFolder | null = await enter(folder, name, path, make);
      if (inner === null) return null;
      await folder.handle.close();
      folder = inner;
    }
    return await openRegular(`${folder.path}/${fileName}`, path, flags, make.owner);
  } finally {
    await folder.handle.close();
  }
}

async function enter(
  folder: OpenFolder,
  name: string,
  wholePath: string,
  make: { folders: boolean; owner: { uid: number; gid: number } | null },
): Promise<OpenFolder | null> {
  const at = `${folder.path}/${name}`;
  let made = false;
  if (make.folders) {
    made = await mkdir(at, { mode: 0o755 }).then(
      () => true,
      (error: NodeJS.ErrnoException) => {
        if (error.code === 'EEXIST') return false;
        throw error;
      },
    );
  }
  try {
    const inner = await openFolder(at);
    if (made && make.owner !== null) await inner.handle.chown(make.owner.uid, make.owner.gid);
    return inner;
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === 'ENOENT') return null;
    // O_DIRECTORY | O_NOFOLLOW on a link answers ENOTDIR on Linux and ELOOP elsewhere.
    if (code === 'ENOTDIR' || code === 'ELOOP') throw refused(wholePath, `${name} is a link or a file, not a folder`);
    throw error;
  }
}

async function openFolder(at: string): Promise<OpenFolder> {
  const handle = await open(at, FOLDER);
  return { handle, path: HAS_PROC_FD ? `/proc/self/fd/${handle.fd}` : at };
}

async function openRegular(
  at: string,
  path: string,
  flags: number,
  owner: { uid: number; gid: number } | null,
): Promise<FileHandle | null> {
  let handle: FileHandle;
  try {
    // Emptying waits until it is known to be a regular file.
    const safeFlags = (flags & ~constants.O_TRUNC) | constants.O_NOFOLLOW | constants.O_NONBLOCK;
    handle = await open(at, safeFlags, 0o644);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === 'ENOENT') return null;
    if (code === 'ELOOP') throw refused(path, 'it is a link');
    if (code === 'EISDIR' || code === 'ENXIO') throw refused(path, 'it is not a regular file');
    throw error;
  }
  try {
    if (!(await handle.stat()).isFile()) throw refused(path, 'it is not a regular file');
    if ((flags & constants.O_TRUNC) !== 0) await handle.truncate(0);
    if (owner !== null) await handle.chown(owner.uid, owner.gid);
    return handle;
  } catch (error) {
    await handle.close();
    throw error;
  }
}

function refused(path: string, why: string): FactoryError {
  return new FactoryError('sandbox-path-refused', `The file ${JSON.stringify(path)} was not touched: ${why}.`, {
    fix: 'Use a relative path to a regular file inside the workspace. If a check made a link there, remove it from the check.',
  });
}
