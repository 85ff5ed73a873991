import type { ClientConfig } from 'pg';

/** Where a database is. The names are MikroORM's, which takes the object as it is; `toPgConfig` gives `pg` its own. */
export interface DatabaseConnection {
  /** A host name, or the absolute path of the folder that holds the server's unix socket. */
  host: string;
  port: number;
  user: string;
  password?: string;
  dbName: string;
  /** Passed on by MikroORM to `pg`. Always named, so that PGSSLMODE in the environment changes nothing. */
  driverOptions: { ssl: false | { rejectUnauthorized: boolean } };
}

/** How long one connection may take to open before the server counts as unreachable. */
const CONNECTION_TIMEOUT_MS = 10_000;

/** The same connection for a `pg` Client or Pool. */
export function toPgConfig(connection: DatabaseConnection): ClientConfig {
  return {
    host: connection.host,
    port: connection.port,
    user: connection.user,
    database: connection.dbName,
    ssl: connection.driverOptions.ssl,
    connectionTimeoutMillis: CONNECTION_TIMEOUT_MS,
    ...(connection.password === undefined ? {} : { password: connection.password }),
  };
}
