import { randomUUID } from 'node:crypto';
import { chmod, mkdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

export interface TempFolder {
  path: string;
  remove(): Promise<void>;
}

/** A new folder that other users can pass through, unlike what `mkdtemp` makes: as root, the database is another user. */
export async function createTempFolder(): Promise<TempFolder> {
  const folder = path.join(tmpdir(), `factory-workbench-${randomUUID()}`);
  await mkdir(folder);
  await chmod(folder, 0o755);
  return { path: folder, remove: () => rm(folder, { recursive: true, force: true }) };
}
