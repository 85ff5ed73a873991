/**
 * Fails when the migrations do not make the tables that the entities describe, and prints what a new one would have to
 * run. Works on a scratch database. `npm run migrations:check`
 */
import { migrate } from '#persistence/migrate.ts';
import { createOrm } from '#persistence/orm.ts';
import { schemaDrift } from '#persistence/schema-drift.ts';
import { createTestDatabase } from '#test/support/database.ts';

const database = await createTestDatabase();
try {
  await migrate(database.connection);
  const orm = await createOrm(database.connection);
  try {
    const drift = await schemaDrift(orm);
    if (drift === '') process.stdout.write('The migrations make the tables that the entities describe.\n');
    else {
      process.stderr.write(`The entities have changed without a migration. It would have to run:\n\n${drift}\n`);
      process.exitCode = 1;
    }
  } finally {
    await orm.close();
  }
} finally {
  await database.drop();
}
