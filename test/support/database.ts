import { createHash, randomUUID } from 'node:crypto';
import { hostname, tmpdir } from 'node:os';
import path from 'node:path';
import pg from 'pg';
import { type DatabaseConnection, toPgConfig } from '#infra/postgres/connection-options.ts';
import { parseDatabaseUrl } from '#infra/postgres/database-url.ts';
import { type EmbeddedPostgres, openEmbeddedPostgres } from '#infra/postgres/embedded.ts';
import { silentLog } from '#src/ports/log.ts';

export interface TestDatabase {
  /** An empty database whose owner, the user named here, is no superuser. */
  connection: DatabaseConnection;
  /** The same as a DATABASE_URL, for child processes. */
  url: string;
  /** Removes it with all its connections. Call it in `afterAll`. */
  drop(): Promise<void>;
}

/**
 * A database of its own for one test file: on TEST_DATABASE_URL (a role that may create roles and databases), else on
 * a PostgreSQL at 127.0.0.1:5432 that lets `postgres` in without a password, else on the embedded server.
 */
export async function createTestDatabase(): Promise<TestDatabase> {
  const server = await findServer();
  const name = `${namePrefix()}${process.pid}_${randomUUID().slice(0, 8)}`;
  const password = randomUUID();
  await asAdmin(server.admin, async (client) => {
    await removeLeftovers(client);
    await client.query(`CREATE ROLE ${name} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE PASSWORD '${password}'`);
    // An owner may only be given by one of its members, unless a superuser gives it (PostgreSQL 16 and later).
    await client.query(`GRANT ${name} TO CURRENT_USER`);
    await client.query(`CREATE DATABASE ${name} OWNER ${name}`);
  });
  const connection = { ...server.admin, user: name, password, dbName: name };
  let dropped: Promise<void> | undefined;
  return {
    connection,
    url: toUrl(connection),
    drop: () =>
      (dropped ??= (async () => {
        await asAdmin(server.admin, (client) => dropDatabase(client, name));
        await server.release();
      })()),
  };
}

interface TestServer {
  admin: DatabaseConnection;
  release(): Promise<void>;
}

async function findServer(): Promise<TestServer> {
  const given = process.env.TEST_DATABASE_URL;
  if (given !== undefined && given !== '') return { admin: parseDatabaseUrl(given), release: async () => {} };
  const local = parseDatabaseUrl('postgres://postgres@127.0.0.1:5432/postgres');
  if (await letsIn(local)) return { admin: local, release: async () => {} };
  const embedded = await openTestServer();
  return {
    admin: { ...embedded.connection, user: 'postgres', dbName: 'postgres' },
    release: () => embedded.release(),
  };
}

/** One embedded server for all test files of this user, so that the cluster is made once and not for each file. */
function openTestServer(): Promise<EmbeddedPostgres> {
  const dataDir = path.join(tmpdir(), `factory-workbench-test-${process.getuid?.() ?? 0}`);
  return openEmbeddedPostgres({ dataDir, log: silentLog });
}

async function letsIn(connection: DatabaseConnection): Promise<boolean> {
  const client = new pg.Client({ ...toPgConfig(connection), connectionTimeoutMillis: 2000 });
  client.on('error', () => {});
  try {
    await client.connect();
    return true;
  } catch {
    return false;
  } finally {
    await client.end().catch(() => {});
  }
}

async function asAdmin(admin: DatabaseConnection, work: (client: pg.Client) => Promise<void>): Promise<void> {
  const client = new pg.Client(toPgConfig(admin));
  client.on('error', () => {});
  await client.connect();
  try {
    await work(client);
  } finally {
    await client.end();
  }
}

/** Names carry machine and process, so that what a killed run left can be told from what a live one uses. */
function namePrefix(): string {
  return `fw_test_${createHash('sha256').update(hostname()).digest('hex').slice(0, 6)}_`;
}

let leftoversRemoved = false;

async function removeLeftovers(client: pg.Client): Promise<void> {
  if (leftoversRemoved) return;
  leftoversRemoved = true;
  const { rows } = await client.query<{ datname: string }>(
    'SELECT datname FROM pg_database WHERE starts_with(datname, $1)',
    [namePrefix()],
  );
  for (const { datname } of rows) {
    const pid = Number(datname.slice(namePrefix().length).split('_')[0]);
    // Another test process may be removing the same ones.
    if (!isAlive(pid)) await dropDatabase(client, datname).catch(() => {});
  }
}

async function dropDatabase(client: pg.Client, name: string): Promise<void> {
  await client.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
  await client.query(`DROP ROLE IF EXISTS ${name}`);
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

function toUrl({ host, port, user, password, dbName }: DatabaseConnection): string {
  const who = `${encodeURIComponent(user)}:${encodeURIComponent(password ?? '')}`;
  const isSocket = host.startsWith('/');
  return isSocket
    ? `postgres://${who}@localhost:${port}/${dbName}?host=${encodeURIComponent(host)}`
    : `postgres://${who}@${host}:${port}/${dbName}`;
}
