import type { ClientConfig } from 'pg';

/** Where the database is. The names are MikroORM's; `pgConfig` gives `pg` its own. */
export interface DatabaseConnection {
  /** A host name, or the absolute path of the folder that holds the server's unix socket. */
  host: string;
  port: number;
  user: string;
  password?: string;
  dbName: string;
  driverOptions: { ssl: false | { rejectUnauthorized: boolean } };
}

/** How long one connection may take to open before the server counts as unreachable. */
const CONNECTION_TIMEOUT_MS = 10_000;

/** The same connection for a `pg` client of our own. */
export function pgConfig(connection: DatabaseConnection, applicationName: string): ClientConfig {
  return {
    host: connection.host,
    port: connection.port,
    user: connection.user,
    database: connection.dbName,
    ssl: connection.driverOptions.ssl,
    connectionTimeoutMillis: CONNECTION_TIMEOUT_MS,
    application_name: applicationName,
    keepAlive: true,
    ...(connection.password === undefined ? {} : { password: connection.password }),
  };
}
