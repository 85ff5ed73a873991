/** Takes a lock, says so, and holds it for good. Arguments: a connection as JSON, the lock's key. */
import { silentLog } from '#src/ports/log.ts';
import type { DatabaseConnection } from '#persistence/connection.ts';
import { createLockSession } from '#persistence/lock-session.ts';

const connection = JSON.parse(process.argv[2] ?? '') as DatabaseConnection;
const locks = createLockSession(connection, silentLog);
await locks.withLock(process.argv[3] ?? '', async () => {
  process.stdout.write('held\n');
  await new Promise((resolve) => setTimeout(resolve, 600_000));
});
