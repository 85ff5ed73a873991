import { readdir, readlink, stat, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import type { Log } from '#src/ports/log.ts';

/**
 * A lock file younger than this may belong to a git process that has not shown up in the process list yet. Git holds
 * the locks of refs for milliseconds.
 */
export const STALE_AFTER_MS = 10_000;

/**
 * Removes lock files that a killed process left in one of our own mirrors: older than `STALE_AFTER_MS`, and no process
 * at work there. Every git process on a mirror, and each helper that it starts, has the mirror as its working folder,
 * so a look at the process list tells. Where there is no process list (no /proc), nothing is removed.
 */
export async function clearStaleLocks(mirrorDir: string, log: Log, now: number = Date.now()): Promise<string[]> {
  const old: string[] = [];
  for (const file of await lockFiles(mirrorDir)) {
    const found = await stat(file).catch(() => null);
    if (found && now - found.mtimeMs >= STALE_AFTER_MS) old.push(file);
  }
  if (old.length === 0 || (await isInUse(mirrorDir)) !== false) return [];
  for (const file of old) {
    await unlink(file).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOENT') throw error;
    });
    log.warn({ file }, 'removed a lock that a killed git process had left in the mirror');
  }
  return old;
}

async function lockFiles(mirrorDir: string): Promise<string[]> {
  const top = await readdir(mirrorDir).catch(() => []);
  const below = await readdir(join(mirrorDir, 'refs'), { recursive: true }).catch(() => []);
  return [...top, ...below.map((name) => join('refs', name))]
    .filter((name) => name.endsWith('.lock'))
    .map((name) => join(mirrorDir, name));
}

/** True, false, or null when it cannot be known. */
async function isInUse(mirrorDir: string): Promise<boolean | null> {
  const processes = await readdir('/proc').catch(() => null);
  if (!processes) return null;
  for (const id of processes) {
    if (!/^\d+$/.test(id)) continue;
    const folder = await readlink(`/proc/${id}/cwd`).catch(() => null);
    if (folder === mirrorDir || folder?.startsWith(`${mirrorDir}/`)) return true;
  }
  return false;
}
