import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chmod, chown, cp, mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type EmbeddedPostgres, openEmbeddedPostgres } from '#infra/postgres/embedded.ts';
import { openDatabase } from '#infra/postgres/connection.ts';
import { unprivilegedIds } from '#infra/reachable/unprivileged.ts';
import { silentLog } from '#src/ports/log.ts';
import { isAlive } from '#test/faults/processes.ts';
import { createTempFolder, type TempFolder } from '#test/support/temp-folder.ts';
import { waitFor } from '#test/support/wait-for.ts';
import { startHolder } from './holder.ts';

const serverIds = unprivilegedIds();
let temp: TempFolder;
let dataDir = '';
let opened: EmbeddedPostgres[] = [];

beforeAll(async () => {
  temp = await createTempFolder();
  dataDir = path.join(temp.path, 'postgres');
  await (await openEmbeddedPostgres({ dataDir, log: silentLog })).release();
});

afterEach(async () => {
  for (const database of opened) await database.release();
  opened = [];
});

afterAll(async () => {
  await temp.remove();
});

async function open(folder = dataDir): Promise<EmbeddedPostgres> {
  const database = await openEmbeddedPostgres({ dataDir: folder, log: silentLog });
  opened.push(database);
  return database;
}

describe('an interrupted first start', () => {
  it('leaves nothing that hinders the next one', async () => {
    const folder = path.join(temp.path, 'interrupted');
    const holder = startHolder(folder);
    await waitFor(async () => existsSync(folder) && (await halfMade(folder)).length > 0);
    await holder.kill();

    const database = await open(folder);
    expect(database.adopted).toBe(false);
    expect(await halfMade(folder)).toEqual([]);
  });

  async function halfMade(folder: string): Promise<string[]> {
    return (await readdir(folder)).filter((name) => name.startsWith('cluster.new-'));
  }
});

describe('unusual places', () => {
  it('opens in a folder whose path is longer than a socket path may be', async () => {
    const folder = path.join(temp.path, 'long-'.repeat(20), 'path-'.repeat(20), 'postgres');
    const { connection } = await open(folder);
    expect(Buffer.byteLength(folder)).toBeGreaterThan(200);
    expect(Buffer.byteLength(`${connection.host}/.s.PGSQL.5432`)).toBeLessThan(108);
  });

  it('opens a copied data folder apart from the original that is running', async () => {
    const copy = path.join(temp.path, 'copy');
    const original = await open();
    await cp(dataDir, copy, { recursive: true, preserveTimestamps: true });
    if (serverIds !== undefined) await giveTo(path.join(copy, 'cluster'), serverIds);
    const second = await open(copy);
    expect(second.adopted).toBe(false);
    expect(second.connection.host).not.toBe(original.connection.host);
  });

  it('begins apart from a data folder that was here and was moved away while it ran', async () => {
    const here = path.join(temp.path, 'here');
    const before = await open(here);
    await rename(here, path.join(temp.path, 'moved-away'));
    const after = await open(here);
    expect(after.adopted).toBe(false);
    expect(after.connection.host).not.toBe(before.connection.host);
    expect((await open(here)).connection.host).toBe(after.connection.host);
  });

  it('takes the end of a server quietly whose log is gone', async () => {
    const here = path.join(temp.path, 'without-log');
    await open(here);
    const serverPid = async (): Promise<number> =>
      Number((await readFile(path.join(here, 'cluster/postmaster.pid'), 'utf8').catch(() => '')).split('\n')[0]);
    const pid = await serverPid();
    await rm(path.join(here, 'postgres.log'));
    process.kill(pid, 'SIGINT');
    // An error in the listener would end this process, and the test with it. The server is in use, so it comes back.
    await waitFor(() => !isAlive(pid));
    await expect.poll(async () => ![0, pid].includes(await serverPid())).toBe(true);
  });

  async function giveTo(folder: string, ids: { uid: number; gid: number }): Promise<void> {
    await chown(folder, ids.uid, ids.gid);
    for (const name of await readdir(folder, { recursive: true }))
      await chown(path.join(folder, name), ids.uid, ids.gid);
  }

  describe.skipIf(serverIds === undefined)('as root (skipped for other users)', () => {
    it('lives elsewhere, and says so, when the folder is closed to the server', async () => {
      const closed = path.join(temp.path, 'closed');
      await mkdir(closed, { mode: 0o700 });
      const database = await openDatabase({ dataDir: path.join(closed, 'postgres'), log: silentLog });
      const home = path.dirname(await dataDirectoryOf(database.connection.host));
      try {
        expect(home).toMatch(/^\/var\/lib\/factory-workbench\//);
        expect(database.notes).toHaveLength(1);
        expect(database.notes[0]).toContain(home);
        expect(database.notes[0]).toContain(closed);
        expect(database.superuser).toBe(false);
      } finally {
        await database.release();
        await rm(home, { recursive: true, force: true });
      }
    });
  });

  /** The second line of a socket's lock file is the data folder of its server. */
  async function dataDirectoryOf(socketFolder: string): Promise<string> {
    return (await readFile(path.join(socketFolder, '.s.PGSQL.5432.lock'), 'utf8')).split('\n')[1] ?? '';
  }
});

describe('a record of a server that is not one', () => {
  let stranger: ChildProcess | undefined;
  afterEach(() => stranger?.kill());

  it('does not stop the start when its number now belongs to another process', async () => {
    const record = path.join(dataDir, 'cluster', 'postmaster.pid');
    stranger = spawn('sleep', ['600'], { ...serverIds, cwd: '/', stdio: 'ignore' });
    await writeFile(record, `${stranger.pid}\n${dataDir}/cluster\n1700000000\n5432\n/tmp\n\n`, { mode: 0o600 });
    if (serverIds !== undefined) await chown(record, serverIds.uid, serverIds.gid);
    expect((await open()).adopted).toBe(false);
    expect(stranger.exitCode ?? stranger.signalCode).toBeNull();
  });
});

describe('a data folder that cannot be used', () => {
  it('is refused when another version wrote it', async () => {
    const file = path.join(dataDir, 'cluster', 'PG_VERSION');
    const version = await readFile(file, 'utf8');
    await writeFile(file, '16\n');
    await expect(open()).rejects.toMatchObject({ code: 'database-version', message: expect.stringContaining('16') });
    await writeFile(file, version);
  });

  it('is refused when it is closed to us', async () => {
    const cluster = path.join(dataDir, 'cluster');
    if (serverIds === undefined) await chmod(cluster, 0o000);
    else await chown(cluster, 0, 0);
    await expect(open()).rejects.toMatchObject({
      code: 'database-folder-unusable',
      message: expect.stringContaining(dataDir),
    });
    if (serverIds === undefined) await chmod(cluster, 0o700);
    else await chown(cluster, serverIds.uid, serverIds.gid);
  });

  it('is refused when its control file is damaged', async () => {
    const file = path.join(dataDir, 'cluster', 'global', 'pg_control');
    const control = await readFile(file);
    await writeFile(file, Buffer.alloc(control.length));
    await expect(open()).rejects.toMatchObject({ code: 'database-damaged' });
    await writeFile(file, control);
    await open();
  });

  it('is refused when the server starts but lets nobody in, and then does not run on', async () => {
    const file = path.join(dataDir, 'cluster', 'global', 'pg_filenode.map');
    const map = await readFile(file);
    await writeFile(file, Buffer.alloc(map.length));
    await expect(open()).rejects.toMatchObject({
      code: 'database-damaged',
      message: expect.stringContaining('pg_filenode.map'),
    });
    await waitFor(() => !existsSync(path.join(dataDir, 'cluster', 'postmaster.pid')));
    await writeFile(file, map);
  });

  it('is refused with the reason that a helper process of the server gave', async () => {
    const log = path.join(dataDir, 'cluster', 'pg_wal');
    await rename(log, `${log}.away`);
    await mkdir(log, { mode: 0o700 });
    if (serverIds !== undefined) await chown(log, serverIds.uid, serverIds.gid);
    await expect(open()).rejects.toMatchObject({
      code: 'database-damaged',
      message: expect.stringContaining('checkpoint record'),
    });
  });
});
