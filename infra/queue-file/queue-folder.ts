import { constants } from 'node:fs';
import { lstat, open, realpath } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { QUEUE_FILE, type QueueFiles } from '#src/ports/queue-file.ts';
import { refused } from './refused.ts';

/** A folder by its open descriptor: whatever happens to its path meanwhile, names in it stay names in it. */
export interface QueueFolder {
  pathOf(name: string): string;
  close(): Promise<void>;
}

/**
 * Opens the folder that holds the queue. null: it is not there. It must lie where its path says, for a link on the way
 * would have the factory, with its own rights, read and write elsewhere.
 */
export async function openQueueFolder({ path }: Parameters<QueueFiles['stamp']>[0]): Promise<QueueFolder | null> {
  const folder = join(path, dirname(QUEUE_FILE));
  if ((await lstat(folder).catch(() => null)) === null) return null;
  const handle = await open(folder, constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW).catch(
    () => null,
  );
  if (handle === null) throw refused(`${dirname(QUEUE_FILE)} is a link or no folder`);
  const byDescriptor = `/proc/self/fd/${handle.fd}`;
  const here = await realpath(byDescriptor).catch(() => null);
  const isThere = (here ?? (await realpath(folder))) === join(await realpath(path), dirname(QUEUE_FILE));
  if (!isThere) {
    await handle.close();
    throw refused('a folder on the way to it is a link');
  }
  return { pathOf: (name) => join(here === null ? folder : byDescriptor, name), close: () => handle.close() };
}
