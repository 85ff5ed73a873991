import { lookup } from 'node:dns/promises';
import pg from 'pg';
import { FactoryError } from '#src/errors.ts';
import type { Log } from '#src/ports/log.ts';
import { type DatabaseConnection, toPgConfig } from './connection-options.ts';
import { parseDatabaseUrl } from './database-url.ts';
import { openEmbeddedPostgres } from './embedded.ts';

export interface OpenDatabase {
  kind: 'embedded' | 'external';
  connection: DatabaseConnection;
  /** Such as 18. */
  majorVersion: number;
  /** True for a role that can walk past triggers and rights; the doctor advises against it. */
  superuser: boolean;
  /** Sentences for the person who started this, such as that the data lives elsewhere. */
  notes: string[];
  /** Call after closing all own connections; may be called twice. */
  release(): Promise<void>;
}

/** The oldest version that is tested (Debian 12 carries it). */
const OLDEST_MAJOR_VERSION = 15;

/**
 * The database of this run: the one that `databaseUrl` names, else the embedded one in `dataDir`.
 * Throws FactoryError: `database-url-invalid`, `database-unreachable`, `database-too-old`, and those of
 * openEmbeddedPostgres.
 */
export async function openDatabase(options: {
  databaseUrl?: string | undefined;
  dataDir: string;
  log: Log;
}): Promise<OpenDatabase> {
  if (options.databaseUrl !== undefined && options.databaseUrl !== '') {
    const connection = parseDatabaseUrl(options.databaseUrl);
    return { kind: 'external', connection, ...(await inspect(connection)), notes: [], release: async () => {} };
  }
  const embedded = await openEmbeddedPostgres(options);
  try {
    return {
      kind: 'embedded',
      connection: embedded.connection,
      ...(await inspect(embedded.connection)),
      notes: embedded.home.moved ? [embedded.home.why] : [],
      release: () => embedded.release(),
    };
  } catch (error) {
    await embedded.release();
    throw error;
  }
}

async function inspect(connection: DatabaseConnection): Promise<{ majorVersion: number; superuser: boolean }> {
  const client = new pg.Client(toPgConfig(connection));
  client.on('error', () => {});
  try {
    await client.connect();
    const { rows } = await client.query<{ version: number; superuser: boolean }>(
      `SELECT current_setting('server_version_num')::int / 10000 AS version,
              (SELECT rolsuper FROM pg_roles WHERE rolname = current_user) AS superuser`,
    );
    const { version, superuser } = rows[0] ?? { version: 0, superuser: false };
    if (version < OLDEST_MAJOR_VERSION) throw tooOld(connection, version);
    return { majorVersion: version, superuser };
  } catch (error) {
    throw error instanceof FactoryError ? error : await unreachable(connection, error);
  } finally {
    await client.end().catch(() => {});
  }
}

function tooOld(connection: DatabaseConnection, version: number): FactoryError {
  return new FactoryError(
    'database-too-old',
    `The PostgreSQL at ${place(connection)} is version ${version}; the workbench needs ${OLDEST_MAJOR_VERSION} or later.`,
    { fix: 'Upgrade that server, or unset DATABASE_URL to use the database that comes with the workbench.' },
  );
}

/** Never repeats the driver's whole message: it may hold parts of the address. */
async function unreachable(connection: DatabaseConnection, cause: unknown): Promise<FactoryError> {
  const [reason, fix] = explain(connection, (cause as NodeJS.ErrnoException).code, await isKnownHost(connection.host));
  return new FactoryError('database-unreachable', `The database at ${place(connection)} cannot be used: ${reason}.`, {
    fix: `${fix} Or unset DATABASE_URL to use the database that comes with the workbench.`,
    retryable: true,
    cause,
  });
}

/** SQLSTATE codes: https://www.postgresql.org/docs/current/errcodes-appendix.html */
function explain(
  { host, port, user, dbName }: DatabaseConnection,
  code: string | undefined,
  isKnown: boolean,
): [string, string] {
  switch (code) {
    case 'ECONNREFUSED':
    case 'ENOENT':
      return ['nothing answers there', `Start PostgreSQL on ${host} port ${port}, or correct DATABASE_URL.`];
    case '28P01':
    case '28000':
      return [`the server refuses the user "${user}" or its password`, 'Correct user and password in DATABASE_URL.'];
    case '3D000':
      return [`it has no database "${dbName}"`, `Create it (createdb -O ${user} ${dbName}) or correct DATABASE_URL.`];
    case '53300':
      return ['all its connections are taken', 'Close other clients or raise max_connections.'];
    case '57P03':
      return ['it is starting or stopping just now', 'Try again in a moment.'];
    default:
      if (!isKnown) return [`the host "${host}" is not known`, 'Correct the host in DATABASE_URL.'];
      return [
        `it does not answer${code === undefined ? ' in time' : ` (${code})`}`,
        'Check host, port and sslmode in DATABASE_URL.',
      ];
  }
}

async function isKnownHost(host: string): Promise<boolean> {
  if (host.startsWith('/')) return true;
  try {
    await lookup(host);
    return true;
  } catch {
    return false;
  }
}

function place({ host, port, dbName }: DatabaseConnection): string {
  return host.startsWith('/') ? `${host} (${dbName})` : `${host}:${port}/${dbName}`;
}
