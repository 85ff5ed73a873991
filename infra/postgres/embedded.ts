import { realpath, rmdir } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import type pg from 'pg';
import { chooseDataHome, type DataHome } from '#infra/reachable/data-home.ts';
import { unprivilegedIds } from '#infra/reachable/unprivileged.ts';
import type { Log } from '#src/ports/log.ts';
import { findBinaries } from './binaries.ts';
import { ensureCluster } from './cluster.ts';
import type { DatabaseConnection } from './connection-options.ts';
import { alone, leave } from './membership.ts';
import { type Joined, joinServer, type ServerPlace, stopServer } from './server.ts';
import { explainServerFailure } from './server-failure.ts';
import { SOCKET_PORT } from './socket-folder.ts';

/** The application's role and its database. No superuser: the ledger's triggers must hold for it too. */
const APPLICATION = 'factory';

export interface EmbeddedPostgres {
  connection: DatabaseConnection;
  /** True when a server was running already, started by another process or left by one that was killed. */
  adopted: boolean;
  /** Where the data really lies. */
  home: DataHome;
  /** Call after closing all own connections. The last process to do so stops the server and waits for it. */
  release(): Promise<void>;
}

/**
 * The database that comes with the workbench: real PostgreSQL behind a unix socket, in `dataDir`, started when it does
 * not run yet and shared with every other process on the same folder. If it dies while in use it is started again.
 * Throws FactoryError: `database-no-binaries`, `data-home-unavailable`, `database-folder-unusable`, `disk-full`,
 * `database-version`, `database-damaged`, `database-not-starting`, `database-busy`.
 */
export async function openEmbeddedPostgres(options: { dataDir: string; log: Log }): Promise<EmbeddedPostgres> {
  const { log } = options;
  const ids = unprivilegedIds();
  const home = await chooseDataHome({ dataDir: options.dataDir, ids });
  if (home.moved) log.warn({ asked: options.dataDir, used: home.path }, home.why);
  const place = await preparePlace(home.path, ids);
  const joined = await joinServer(place).catch(asFactoryError(home.path));
  await prepareApplication(joined.client);
  const watch = keepMembership(place, joined, log);

  let released: Promise<void> | undefined;
  return {
    connection: {
      host: joined.socketFolder,
      port: SOCKET_PORT,
      user: APPLICATION,
      dbName: APPLICATION,
      driverOptions: { ssl: false },
    },
    adopted: joined.adopted,
    home,
    release: () => (released ??= leaveServer(watch, place, log)),
  };
}

async function preparePlace(folder: string, ids: ReturnType<typeof unprivilegedIds>): Promise<ServerPlace> {
  try {
    const dataDir = await realpath(folder);
    const binaries = await findBinaries({ home: dataDir, ids });
    return { dataDir, binaries, ids, cluster: await ensureCluster(dataDir, binaries, ids) };
  } catch (error) {
    return asFactoryError(folder)(error);
  }
}

/** What the file system refused, as an error for people; any other error as it is. */
function asFactoryError(folder: string): (error: unknown) => never {
  return (error) => {
    if (error instanceof Error && 'syscall' in error) throw explainServerFailure(error.message, folder, error);
    throw error;
  };
}

async function prepareApplication(client: pg.Client): Promise<void> {
  await alone(client, async () => {
    const { rows } = await client.query<{ role: boolean; db: boolean }>(
      `SELECT EXISTS (SELECT FROM pg_roles WHERE rolname = $1) AS role,
              EXISTS (SELECT FROM pg_database WHERE datname = $1) AS db`,
      [APPLICATION],
    );
    if (rows[0]?.role !== true) {
      await client.query(`CREATE ROLE ${APPLICATION} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION`);
    }
    if (rows[0]?.db !== true) await client.query(`CREATE DATABASE ${APPLICATION} OWNER ${APPLICATION}`);
  });
}

interface Membership {
  socketFolder: string;
  /** Ends the watch and hands over the session, if there is one just now. */
  end(): Promise<pg.Client | undefined>;
}

const REJOIN_PAUSES_MS = [0, 500, 1000, 2000, 4000, 8000];

/** Joins again when the session drops: the server was killed, or somebody restarted it. */
function keepMembership(place: ServerPlace, joined: Joined, log: Log): Membership {
  let client: pg.Client | undefined;
  let ended = false;
  let rejoining: Promise<void> = Promise.resolve();

  function watch(next: pg.Client): void {
    client = next;
    next.once('end', () => {
      if (client !== next) return;
      client = undefined;
      if (!ended) rejoining = rejoin();
    });
  }

  async function rejoin(): Promise<void> {
    log.warn({ dataDir: place.dataDir }, 'The database went away. Starting it again.');
    for (const pauseMs of REJOIN_PAUSES_MS) {
      await sleep(pauseMs);
      if (ended) return;
      try {
        const again = await joinServer(place);
        watch(again.client);
        log.info({ adopted: again.adopted }, 'The database is back.');
        return;
      } catch (error) {
        log.error({ reason: error instanceof Error ? error.message : String(error) }, 'The database does not start.');
      }
    }
  }

  watch(joined.client);
  return {
    socketFolder: joined.socketFolder,
    async end() {
      ended = true;
      await rejoining;
      const last = client;
      client = undefined;
      return last;
    },
  };
}

async function leaveServer(watch: Membership, place: ServerPlace, log: Log): Promise<void> {
  const client = await watch.end();
  if (client === undefined) return;
  try {
    if (!(await leave(client))) return;
    if (await stopServer(client, place.cluster)) {
      // Only while empty: another process may be starting the server anew.
      await rmdir(watch.socketFolder).catch(() => {});
    } else {
      log.warn({ dataDir: place.dataDir }, 'The database is still stopping; it needs no further help.');
    }
  } catch (error) {
    // The server went away by itself in these moments: there is nothing left to stop.
    log.warn({ reason: error instanceof Error ? error.message : String(error) }, 'The database was already going.');
  } finally {
    await client.end().catch(() => {});
  }
}
