import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { pgConfig } from '#persistence/connection.ts';
import { migrate } from '#persistence/migrate.ts';
import { migrations } from '#persistence/migrations/list.ts';
import { createOrm } from '#persistence/orm.ts';
import { projectionEntities, projectionTables } from '#persistence/projection-entities.ts';
import { schemaDrift } from '#persistence/schema-drift.ts';
import { createTestDatabase, type TestDatabase } from '#test/support/database.ts';

let database: TestDatabase;
let client: pg.Client;

beforeAll(async () => {
  database = await createTestDatabase();
  client = new pg.Client(pgConfig(database.connection, 'test'));
  client.on('error', () => {});
  await client.connect();
});
afterAll(async () => {
  await client.end();
  await database.drop();
});

const drift = async () => {
  const orm = await createOrm(database.connection);
  try {
    return await schemaDrift(orm);
  } finally {
    await orm.close();
  }
};

describe('migrate', () => {
  it('runs every migration once when several processes start at once, as an ordinary user', async () => {
    const { rows } = await client.query('SELECT rolsuper FROM pg_roles WHERE rolname = current_user');
    expect(rows).toEqual([{ rolsuper: false }]);
    const names = migrations.map(({ name }) => name);
    const ran = await Promise.all(Array.from({ length: 4 }, () => migrate(database.connection)));
    expect(ran.toSorted((a, b) => b.length - a.length)).toEqual([names, [], [], []]);
    expect(await migrate(database.connection)).toEqual([]);
  });

  it('makes the tables that the entities describe, and sees it when they differ', async () => {
    expect(await drift()).toBe('');
    await client.query('ALTER TABLE stories DROP COLUMN narrative');
    expect(await drift()).toContain('"narrative"');
    await client.query('ALTER TABLE stories ADD COLUMN narrative text NOT NULL');
    expect(await drift()).toBe('');
  });

  it('leaves the queue’s own schema alone', async () => {
    await client.query(
      'CREATE SCHEMA bullmq; CREATE TABLE bullmq.job (id int); CREATE FUNCTION bullmq.f() RETURNS int LANGUAGE sql RETURN 1',
    );
    expect(await drift()).toBe('');
  });

  it('gives each projection table the name that the rows have, and no column a default', async () => {
    expect(projectionTables).toEqual(Object.values(projectionEntities).map(({ meta }) => meta.tableName));
    const { rows } = await client.query(
      'SELECT table_name, column_name FROM information_schema.columns WHERE table_name = ANY ($1) AND column_default IS NOT NULL',
      [projectionTables],
    );
    expect(rows).toEqual([]);
  });

  it('refuses a database that a newer workbench has changed', async () => {
    await client.query("INSERT INTO migrations (name) VALUES ('20991231-from-the-future')");
    await expect(migrate(database.connection)).rejects.toMatchObject({ code: 'database-newer' });
    await client.query("DELETE FROM migrations WHERE name = '20991231-from-the-future'");
    expect(await migrate(database.connection)).toEqual([]);
  });
});
