/**
 * Fails when the migrations do not make the tables that the entities describe. Prints what a new migration would have
 * to do. Run it through `npm run migrations:check`; it works on a scratch database.
 */
import { migrate } from './migrate.ts';
import { createOrm } from './orm.ts';

// Only this program needs a scratch database, so it asks the tests' support for one when it runs.
const { createTestDatabase } = await import('#test/support/database.ts');

const database = await createTestDatabase();
try {
  await migrate(database.connection);
  const orm = await createOrm(database.connection);
  try {
    const missing = await orm.schema.getUpdateSchemaSQL({ wrap: false });
    if (missing.trim() === '') console.log('The migrations make the tables that the entities describe.');
    else {
      console.error(`The entities have changed without a migration. It would have to run:\n\n${missing}`);
      process.exitCode = 1;
    }
  } finally {
    await orm.close();
  }
} finally {
  await database.drop();
}
