import { createHash } from 'node:crypto';
import { chmod, mkdir, readdir, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { FactoryError } from '#src/errors.ts';
import { blockingFolder, type ProcessIds } from './unprivileged.ts';

/** Where the data lives. When `moved`, `why` is one sentence for the person who asked for another place. */
export type DataHome = { path: string; moved: false } | { path: string; moved: true; why: string };

const FALLBACK_PARENT = '/var/lib/factory-workbench';

const KERNEL_FOLDERS = /^\/(?:proc|sys)\//;

/** Others may pass through to the folders that are theirs, but not list what is here. */
const PASSABLE = 0o711;

/**
 * Chooses and makes the data folder. Without `ids` (not root) that is `dataDir`. With them, a folder that they cannot
 * reach (such as one under /root) is replaced by one of its own under /var/lib, always the same for the same `dataDir`.
 * Throws FactoryError `data-home-unavailable` when neither can be made.
 */
export async function chooseDataHome(options: {
  dataDir: string;
  ids: ProcessIds | undefined;
  fallbackParent?: string;
}): Promise<DataHome> {
  const asked = path.resolve(options.dataDir);
  // These hold no files of ours, and Node's recursive mkdir never comes back from /proc.
  if (KERNEL_FOLDERS.test(`${asked}/`)) throw unavailable(asked, 'it lies in a folder of the kernel');
  const blocked = options.ids === undefined ? undefined : await blockingFolder(asked, options.ids);
  if (blocked === undefined) {
    await makePassable(asked, asked);
    return { path: asked, moved: false };
  }
  const parent = options.fallbackParent ?? FALLBACK_PARENT;
  const home = path.join(parent, createHash('sha256').update(asked).digest('hex').slice(0, 12));
  if (options.ids !== undefined && (await blockingFolder(parent, options.ids)) !== undefined) {
    throw unavailable(home, `${blocked} is closed to other users, and so is the way to ${parent}`);
  }
  await makePassable(parent, home);
  await makePassable(home, home);
  await writeFile(path.join(home, 'stands-in-for.txt'), `${asked}\n`);
  const left = (await isFilled(asked)) ? ` What is already in ${asked} is left there unused.` : '';
  return {
    path: home,
    moved: true,
    why: `The data lives in ${home}, because the database and checks run without root's rights and cannot pass through ${blocked}.${left}`,
  };
}

async function makePassable(folder: string, wanted: string): Promise<void> {
  try {
    // A strict umask would close folders made on the way, so each new one is opened by hand.
    const made = await mkdir(folder, { recursive: true, mode: PASSABLE });
    for (let each = folder; made !== undefined && each.length >= made.length; each = path.dirname(each)) {
      await chmod(each, PASSABLE);
    }
    if (made === undefined) {
      const { mode, uid } = await stat(folder);
      const isOurs = uid === process.getuid?.();
      if (isOurs && (mode & 0o011) !== 0o011) await chmod(folder, (mode & 0o7777) | 0o011);
    }
  } catch (error) {
    throw unavailable(wanted, error instanceof Error ? error.message : String(error), error);
  }
}

async function isFilled(folder: string): Promise<boolean> {
  try {
    return (await readdir(folder)).length > 0;
  } catch {
    // Absent or unreadable: either way there is nothing that we would be hiding.
    return false;
  }
}

function unavailable(folder: string, reason: string, cause?: unknown): FactoryError {
  return new FactoryError('data-home-unavailable', `The data folder ${folder} cannot be used: ${reason}.`, {
    fix: 'Set WORKBENCH_DATA to a folder on a writable disk that other users can pass through, such as /srv/factory-workbench.',
    cause,
  });
}
