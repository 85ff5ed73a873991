/**
 * A process that opens the embedded database of a folder, prints one line of JSON and stays, until its input ends:
 * then it releases the database and ends. `node hold-a-database.ts <folder>`.
 */
import { once } from 'node:events';
import { openEmbeddedPostgres } from '#infra/postgres/embedded.ts';
import { silentLog } from '#src/ports/log.ts';

const database = await openEmbeddedPostgres({ dataDir: process.argv[2] ?? '', log: silentLog });
process.stdout.write(`${JSON.stringify({ adopted: database.adopted, connection: database.connection })}\n`);
process.stdin.resume();
await once(process.stdin, 'end');
await database.release();
