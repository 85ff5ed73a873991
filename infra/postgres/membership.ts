import pg from 'pg';
import { SERVER_ROLE } from './cluster.ts';
import { toPgConfig } from './connection-options.ts';
import { SOCKET_PORT } from './socket-folder.ts';

/**
 * A process that uses the server holds one session with a shared advisory lock. The session ends with the process,
 * however it dies, so nobody dead is ever counted. Whoever gets the lock exclusively knows to be the last.
 * Advisory locks are per database: all members meet in `postgres`. The number spells "FWpg".
 */
const MEMBERS_LOCK = 0x46_57_70_67;

/** Held while roles and databases are made. */
const PREPARE_LOCK = MEMBERS_LOCK + 1;

export type Entry =
  /** `record`: the server's own postmaster.pid, to tell it from the server of another data folder. */
  | { state: 'member'; client: pg.Client; record: string }
  /** Nobody answers at the socket. */
  | { state: 'absent' }
  /** A server is there but starting, recovering, stopping or full: ask again. `reason` is its own word. */
  | { state: 'not-ready'; reason: string }
  /** A server is there and lets nobody in, and waiting will not change that. */
  | { state: 'refused'; reason: string };

/** Tries once to become a member of the server at `socketFolder`. */
export async function enter(socketFolder: string): Promise<Entry> {
  const client = new pg.Client({
    ...toPgConfig({
      host: socketFolder,
      port: SOCKET_PORT,
      user: SERVER_ROLE,
      dbName: 'postgres',
      driverOptions: { ssl: false },
    }),
    application_name: 'factory-workbench member',
  });
  // Without a listener a dropped connection would end the process; the owner adds its own.
  client.on('error', () => {});
  try {
    await client.connect();
    const { rows } = await client.query<{ joined: boolean; record: string }>(
      `SELECT pg_try_advisory_lock_shared($1) AS joined, pg_read_file('postmaster.pid') AS record`,
      [MEMBERS_LOCK],
    );
    const row = rows[0];
    if (row?.joined === true) return { state: 'member', client, record: row.record };
    await client.end();
    return { state: 'not-ready', reason: 'its last user is stopping it' };
  } catch (error) {
    await client.end().catch(() => {});
    return classify(error);
  }
}

function classify(error: unknown): Entry {
  const { code = '', message } = error as NodeJS.ErrnoException;
  if (code === 'ENOENT' || code === 'ECONNREFUSED') return { state: 'absent' };
  // Classes 53 (resources run out) and 57 (starting, stopping) pass by themselves, and so does a broken connection,
  // whose code (EPIPE) can look like one of the server's.
  const passes = error instanceof pg.DatabaseError ? /^5[37]/.test(code) : code !== 'EACCES';
  return { state: passes ? 'not-ready' : 'refused', reason: message };
}

/** Runs `work` while no other member does the same. */
export async function alone(client: pg.Client, work: () => Promise<void>): Promise<void> {
  await client.query('SELECT pg_advisory_lock($1)', [PREPARE_LOCK]);
  try {
    await work();
  } finally {
    await client.query('SELECT pg_advisory_unlock($1)', [PREPARE_LOCK]);
  }
}

/**
 * Gives up membership. True when nobody else was a member: then newcomers are kept out until `client` is closed, and
 * the caller stops the server.
 */
export async function leave(client: pg.Client): Promise<boolean> {
  await client.query('SELECT pg_advisory_unlock_shared($1)', [MEMBERS_LOCK]);
  const { rows } = await client.query<{ last: boolean }>('SELECT pg_try_advisory_lock($1) AS last', [MEMBERS_LOCK]);
  return rows[0]?.last === true;
}
