import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type DatabaseConnection, toPgConfig } from '#infra/postgres/connection-options.ts';
import { type EmbeddedPostgres, openEmbeddedPostgres } from '#infra/postgres/embedded.ts';
import { silentLog } from '#src/ports/log.ts';
import { createTempFolder, type TempFolder } from '#test/support/temp-folder.ts';
import { waitFor } from '#test/support/wait-for.ts';
import { type Holder, startHolder } from './holder.ts';

let temp: TempFolder;
let dataDir = '';
let opened: EmbeddedPostgres[] = [];
let holders: Holder[] = [];

// Making a cluster takes longer than all else here, so most tests use the same one; it is down between them.
beforeAll(async () => {
  temp = await createTempFolder();
  dataDir = path.join(temp.path, 'postgres');
});

afterEach(async () => {
  await Promise.all(holders.map((holder) => holder.kill()));
  // A server that a killed process left behind is adopted and then stopped.
  if (isRunning()) await open();
  for (const database of opened) await database.release();
  opened = [];
  holders = [];
});

afterAll(async () => {
  await temp.remove();
});

async function open(folder = dataDir): Promise<EmbeddedPostgres> {
  const database = await openEmbeddedPostgres({ dataDir: folder, log: silentLog });
  opened.push(database);
  return database;
}

function hold(folder = dataDir): Holder {
  const holder = startHolder(folder);
  holders.push(holder);
  return holder;
}

async function query<Row extends pg.QueryResultRow>(connection: DatabaseConnection, sql: string): Promise<Row[]> {
  const client = new pg.Client(toPgConfig(connection));
  client.on('error', () => {});
  await client.connect();
  try {
    return (await client.query<Row>(sql)).rows;
  } finally {
    await client.end();
  }
}

function isRunning(folder = dataDir): boolean {
  return existsSync(path.join(folder, 'cluster', 'postmaster.pid'));
}

async function serverPid(): Promise<number> {
  return Number.parseInt(await readFile(path.join(dataDir, 'cluster', 'postmaster.pid'), 'utf8'), 10);
}

describe('openEmbeddedPostgres', () => {
  it('starts a safe server whose application role is no superuser and owns its database', async () => {
    const { connection, adopted } = await open();
    expect(adopted).toBe(false);
    const [row] = await query<Record<string, unknown>>(
      connection,
      `SELECT current_user AS "user", rolsuper, rolcreaterole, rolcreatedb,
              (SELECT pg_get_userbyid(datdba) FROM pg_database WHERE datname = current_database()) AS owner,
              current_setting('fsync') AS fsync, current_setting('full_page_writes') AS full_pages,
              current_setting('synchronous_commit') AS synchronous, current_setting('listen_addresses') AS addresses,
              current_setting('server_encoding') AS encoding
         FROM pg_roles WHERE rolname = current_user`,
    );
    expect(row).toEqual({
      user: 'factory',
      rolsuper: false,
      rolcreaterole: false,
      rolcreatedb: false,
      owner: 'factory',
      fsync: 'on',
      full_pages: 'on',
      synchronous: 'on',
      addresses: '',
      encoding: 'UTF8',
    });
  });

  it('is shared within a process and stops with the last release, which may be repeated', async () => {
    const first = await open();
    const second = await open();
    expect(second.adopted).toBe(true);
    await first.release();
    await first.release();
    expect(await query(second.connection, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
    await second.release();
    expect(isRunning()).toBe(false);
  });

  it('keeps what was written when it starts again', async () => {
    const first = await open();
    await query(first.connection, 'CREATE TABLE kept_1 AS SELECT 7 AS number');
    await first.release();
    const second = await open();
    expect(second.adopted).toBe(false);
    expect(await query(second.connection, 'SELECT number FROM kept_1')).toEqual([{ number: 7 }]);
  });

  it('adopts the server that a killed process left, and stops it although that process never said goodbye', async () => {
    const holder = hold();
    const { connection } = await holder.opened;
    await query(connection, 'CREATE TABLE kept_2 AS SELECT 7 AS number');
    const pid = await serverPid();
    await holder.kill();

    const database = await open();
    expect(database.adopted).toBe(true);
    expect(await serverPid()).toBe(pid);
    expect(await query(database.connection, 'SELECT number FROM kept_2')).toEqual([{ number: 7 }]);
    await waitFor(async () => (await otherMembers()) === 0);
    await database.release();
    expect(isRunning()).toBe(false);

    async function otherMembers(): Promise<number> {
      const [row] = await query<{ others: number }>(
        { ...database.connection, user: 'postgres', dbName: 'postgres' },
        `SELECT count(*)::int - 1 AS others FROM pg_stat_activity WHERE application_name LIKE '% member'`,
      );
      return row?.others ?? 0;
    }
  });

  it('is not stopped beneath another process that lives', async () => {
    const holder = hold();
    const { connection } = await holder.opened;
    const mine = await open();
    expect(mine.adopted).toBe(true);
    await mine.release();
    expect(await query(connection, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
    await holder.leave();
    expect(isRunning()).toBe(false);
  });

  it('is started once when several processes come at the same time to an empty folder', async () => {
    const fresh = path.join(temp.path, 'fresh');
    const together = [hold(fresh), hold(fresh), hold(fresh)];
    const answers = await Promise.all(together.map((holder) => holder.opened));
    expect(answers.filter(({ adopted }) => !adopted)).toHaveLength(1);
    expect(new Set(answers.map(({ connection }) => connection.host)).size).toBe(1);
    await Promise.all(together.map((holder) => holder.leave()));
    expect(isRunning(fresh)).toBe(false);
  });

  it('opens for one who comes while the last one leaves', async () => {
    await (await open()).release();
    for (let round = 0; round < 5; round += 1) {
      const leaving = await open();
      const [coming] = await Promise.all([open(), leaving.release()]);
      expect(await query(coming.connection, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
      await coming.release();
    }
    expect(isRunning()).toBe(false);
  });

  it('starts again after its server was killed while nobody used it', async () => {
    const holder = hold();
    await query((await holder.opened).connection, 'CREATE TABLE kept_3 AS SELECT 7 AS number');
    const pid = await serverPid();
    await holder.kill();
    process.kill(pid, 'SIGKILL');

    const database = await open();
    expect(database.adopted).toBe(false);
    expect(await query(database.connection, 'SELECT number FROM kept_3')).toEqual([{ number: 7 }]);
  });

  it('brings the server back when it is killed while in use, and still stops it in the end', async () => {
    const database = await open();
    await query(database.connection, 'CREATE TABLE kept_4 AS SELECT 7 AS number');
    const pid = await serverPid();
    process.kill(pid, 'SIGKILL');
    await waitFor(async () => {
      try {
        return (
          (await query(database.connection, 'SELECT number FROM kept_4')).length === 1 && (await serverPid()) !== pid
        );
      } catch {
        return false;
      }
    });
    await database.release();
    expect(isRunning()).toBe(false);
  });
});
