/** Appends one project after the other and says each that was kept, until it is killed. Argument: a connection as JSON. */
import { silentLog } from '#src/ports/log.ts';
import type { DatabaseConnection } from '#persistence/connection.ts';
import { createOrm } from '#persistence/orm.ts';
import { createUnitOfWork } from '#persistence/unit-of-work.ts';
import { project } from '../support.ts';

const connection = JSON.parse(process.argv[2] ?? '') as DatabaseConnection;
const orm = await createOrm(connection);
const unitOfWork = createUnitOfWork({ orm, connection, log: silentLog });

await Promise.all(
  [1, 2, 3, 4].map(async (writer) => {
    for (let n = 1; ; n += 1) {
      const id = `${process.pid}-${writer}-${n}`;
      await unitOfWork.transact(async (transaction) => {
        transaction.append(`project:${id}`, 0, [project(id)]);
        transaction.wake('kill', id);
      });
      process.stdout.write(`${id}\n`);
    }
  }),
);
