import pg from 'pg';
import { FactoryError } from '#src/errors.ts';
import { type DatabaseConnection, pgConfig } from './connection.ts';
import { migrations } from './migrations/list.ts';
import { createOrm } from './orm.ts';

/** Any fixed number: whoever migrates this database holds the advisory lock of that number. */
const MIGRATION_LOCK = 4_747_001;

/**
 * Brings the database's tables up to date; safe when several processes start at once. Returns the migrations that ran.
 * Throws FactoryError: `database-encoding` (not UTF-8), `database-newer` (a newer workbench migrated it).
 */
export async function migrate(connection: DatabaseConnection): Promise<string[]> {
  const client = new pg.Client(pgConfig(connection, 'workbench migrate'));
  client.on('error', () => {});
  await client.connect();
  try {
    await client.query('SELECT pg_advisory_lock($1)', [MIGRATION_LOCK]);
    await refuseForeignDatabase(client);
    const orm = await createOrm(connection, { maxConnections: 1 });
    try {
      return (await orm.migrator.up()).map(({ name }) => name);
    } finally {
      await orm.close(true);
    }
  } finally {
    await client.end();
  }
}

async function refuseForeignDatabase(client: pg.Client): Promise<void> {
  const { rows: encodings } = await client.query<{ encoding: string }>(
    "SELECT current_setting('server_encoding') AS encoding",
  );
  const encoding = encodings[0]?.encoding;
  if (encoding !== 'UTF8') {
    throw new FactoryError('database-encoding', `The database keeps text as ${encoding}; the workbench needs UTF8.`, {
      fix: "Create another one with: CREATE DATABASE workbench ENCODING 'UTF8' TEMPLATE template0, and name it in DATABASE_URL.",
    });
  }
  const { rows: tables } = await client.query<{ there: boolean }>(
    "SELECT to_regclass('migrations') IS NOT NULL AS there",
  );
  if (tables[0]?.there !== true) return;
  const { rows } = await client.query<{ name: string }>('SELECT name FROM migrations');
  const known = new Set(migrations.map(({ name }) => name));
  const unknown = rows.find(({ name }) => !known.has(name));
  if (unknown !== undefined) {
    throw new FactoryError('database-newer', `A newer workbench has changed this database (${unknown.name}).`, {
      fix: 'Start the newer version, or choose other data with WORKBENCH_DATA or DATABASE_URL.',
    });
  }
}
