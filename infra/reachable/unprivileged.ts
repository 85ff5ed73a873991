import type { Stats } from 'node:fs';
import { realpath, stat } from 'node:fs/promises';
import path from 'node:path';

/** The numeric user and group that a child process runs as. */
export interface ProcessIds {
  uid: number;
  gid: number;
}

/** `nobody`: the same number on every Linux distribution and in containers without /etc/passwd. */
const NOBODY: ProcessIds = { uid: 65534, gid: 65534 };

/**
 * Who PostgreSQL and unreviewed code run as. `undefined` means "as we are": only root has to give up rights
 * (PostgreSQL refuses to start as root).
 */
export function unprivilegedIds(): ProcessIds | undefined {
  return process.getuid?.() === 0 ? NOBODY : undefined;
}

/** Permission bits as in `chmod`: 4 read, 2 write, 1 execute (for a folder: pass through). */
export function isAllowed(stats: Pick<Stats, 'mode' | 'uid' | 'gid'>, ids: ProcessIds, wanted: number): boolean {
  let granted = stats.mode & 0o7;
  if (stats.uid === ids.uid) granted = (stats.mode >> 6) & 0o7;
  else if (stats.gid === ids.gid) granted = (stats.mode >> 3) & 0o7;
  return (granted & wanted) === wanted;
}

/**
 * The outermost folder above `target` that `ids` cannot pass through, or `undefined` when the way is free.
 * `target` itself need not exist and is not looked at. Symlinks are followed, as the kernel would.
 */
export async function blockingFolder(target: string, ids: ProcessIds): Promise<string | undefined> {
  const parent = await existingRealPath(path.dirname(path.resolve(target)));
  const folders = [parent];
  while (folders[0] !== undefined && folders[0] !== path.dirname(folders[0])) folders.unshift(path.dirname(folders[0]));
  for (const folder of folders) {
    if (!isAllowed(await stat(folder), ids, 0o1)) return folder;
  }
  return undefined;
}

/** The real path of the nearest folder that exists, from `folder` upwards. */
async function existingRealPath(folder: string): Promise<string> {
  try {
    return await realpath(folder);
  } catch (error) {
    const parent = path.dirname(folder);
    if (parent === folder || (error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    return existingRealPath(parent);
  }
}
