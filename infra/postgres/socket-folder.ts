import { createHash, randomUUID } from 'node:crypto';
import { chown, lstat, mkdir, readFile, realpath, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { ProcessIds } from '#infra/reachable/unprivileged.ts';
import { FactoryError } from '#src/errors.ts';

/** PostgreSQL names its socket after this, even without any network. Fixed, so that PGPORT changes nothing. */
export const SOCKET_PORT = 5432;

/** sun_path holds 108 bytes with the closing zero (unix(7)); a longer path is fatal to the server. */
const MAX_SOCKET_PATH_BYTES = 107;

interface SocketRecord {
  folder: string;
  /** The data folder it was recorded for: a copied data folder must not lead to the original's server. */
  dataDir: string;
}

/**
 * The short folder that holds the server's socket, made when absent, closed to all but the server's user.
 * It is recorded in `dataDir/socket.json`, so that every process finds the same one. `avoid` is a folder that turned
 * out to belong to the server of another data folder.
 */
export async function ensureSocketFolder(
  dataDir: string,
  ids: ProcessIds | undefined,
  avoid?: string,
): Promise<string> {
  const real = await realpath(dataDir);
  const recorded = await readRecord(dataDir);
  const uid = ids?.uid ?? process.getuid?.() ?? 0;
  const isOurs = recorded?.dataDir === real && recorded.folder !== avoid;
  if (isOurs && (await claim(recorded.folder, uid, ids))) return recorded.folder;

  const usual = path.join('/tmp', `fw-${uid}-${createHash('sha256').update(real).digest('hex').slice(0, 12)}`);
  // Someone else may have put something under the usual name; then any unused name will do.
  const candidates = [usual, `${usual}-${randomUUID().slice(0, 8)}`];
  for (const folder of candidates) {
    if (folder === avoid || !(await claim(folder, uid, ids))) continue;
    const record: SocketRecord = { folder, dataDir: real };
    const partial = path.join(dataDir, `socket.json.${process.pid}`);
    await writeFile(partial, `${JSON.stringify(record)}\n`);
    await rename(partial, path.join(dataDir, 'socket.json'));
    return folder;
  }
  throw new FactoryError(
    'database-no-socket',
    'The database needs a short folder under /tmp for its socket, and none can be made.',
    {
      fix: 'Make /tmp writable (chmod 1777 /tmp), or set DATABASE_URL to another PostgreSQL.',
    },
  );
}

async function readRecord(dataDir: string): Promise<SocketRecord | undefined> {
  try {
    const value: unknown = JSON.parse(await readFile(path.join(dataDir, 'socket.json'), 'utf8'));
    const { folder, dataDir: recordedFor } = value as Partial<SocketRecord>;
    if (typeof folder !== 'string' || typeof recordedFor !== 'string') return undefined;
    if (Buffer.byteLength(`${folder}/.s.PGSQL.${SOCKET_PORT}`) > MAX_SOCKET_PATH_BYTES) return undefined;
    return { folder, dataDir: recordedFor };
  } catch {
    // Absent, or cut off by a crash: it is derived anew.
    return undefined;
  }
}

/** Makes `folder`, or takes it when it is already ours alone. False when it is anybody else's. */
async function claim(folder: string, uid: number, ids: ProcessIds | undefined): Promise<boolean> {
  try {
    await mkdir(folder, { mode: 0o700 });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') return false;
  }
  try {
    const stats = await lstat(folder);
    if (!stats.isDirectory() || (stats.mode & 0o077) !== 0) return false;
    if (stats.uid === uid) return true;
    if (ids === undefined || stats.uid !== process.getuid?.()) return false;
    // Just made by us, or by one of ours who died before this line.
    await chown(folder, ids.uid, ids.gid);
    return true;
  } catch {
    return false;
  }
}
