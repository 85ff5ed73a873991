import { constants } from 'node:fs';
import { access, chmod, cp, link, mkdir, realpath, rename, rm, stat } from 'node:fs/promises';
import { createHash, randomBytes } from 'node:crypto';
import { dirname, join, resolve } from 'node:path';

/**
 * Returns `path` if the user `uid` can walk to it and read it, else a copy of it below `toolsDir`. A Node that was
 * installed under /root by nvm is the usual case: root starts the factory, but the sandbox runs as another user.
 */
export async function reachableCopy(
  path: string,
  runAs: { uid: number; gid: number } | null,
  toolsDir: string,
): Promise<string> {
  if (runAs === null || (await canReach(path, runAs))) return path;
  const facts = await stat(path);
  const version = createHash('sha256')
    .update(`${resolve(path)}\0${facts.size}\0${facts.mtimeMs}`)
    .digest('hex');
  const copy = join(toolsDir, version.slice(0, 16));
  if (await isThere(copy)) return copy;
  await mkdir(toolsDir, { recursive: true, mode: 0o755 });
  await chmod(toolsDir, 0o755);
  const unfinished = `${copy}.${randomBytes(4).toString('hex')}.part`;
  try {
    if (facts.isDirectory()) {
      await cp(path, unfinished, { recursive: true, dereference: true });
      await chmod(unfinished, 0o755);
    } else {
      // A second name costs nothing where both are on one disk and the file itself may be read by all.
      const linked =
        (facts.mode & 0o005) === 0o005 &&
        (await link(path, unfinished).then(
          () => true,
          () => false,
        ));
      if (!linked) {
        await cp(path, unfinished);
        await chmod(unfinished, 0o755);
      }
    }
    await rename(unfinished, copy);
  } catch (error) {
    await rm(unfinished, { recursive: true, force: true });
    // Another process of the factory made the same copy first.
    if (await isThere(copy)) return copy;
    throw error;
  }
  return copy;
}

/** By permission bits alone: the folder's x on the way, r (and x for a folder) at the end. */
async function canReach(path: string, runAs: { uid: number; gid: number }): Promise<boolean> {
  let at = await realpath(path);
  for (let last = true; ; last = false) {
    const facts = await stat(at);
    const shift = facts.uid === runAs.uid ? 6 : facts.gid === runAs.gid ? 3 : 0;
    const bits = (facts.mode >> shift) & 7;
    const needed = last ? (facts.isDirectory() ? 5 : 4) : 1;
    if ((bits & needed) !== needed) return false;
    if (at === dirname(at)) return true;
    at = dirname(at);
  }
}

async function isThere(path: string): Promise<boolean> {
  return access(path, constants.F_OK).then(
    () => true,
    () => false,
  );
}
