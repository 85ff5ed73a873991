import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { startInboxWorker } from '#bots/receiving/inbox-worker.ts';
import { listenForWebhooks, WEBHOOK_PATH } from '#bots/github/receiving/listen.ts';
import { receiptOf } from '#bots/github/receiving/told.ts';
import type { DatabaseConnection } from '#infra/postgres/connection-options.ts';
import { createOrm } from '#persistence/orm.ts';
import { createUnitOfWork } from '#persistence/unit-of-work.ts';
import { systemClock } from '#src/ports/clock.ts';
import { silentLog } from '#src/ports/log.ts';

/** What the bench tells the process that receives. */
export interface ReceiverOrder {
  secret: string;
  /** null: a bare server that reads the body, answers and keeps nothing. */
  connection: DatabaseConnection | null;
}

async function connect({ secret, connection }: ReceiverOrder): Promise<string> {
  if (connection === null) {
    const server = createServer((request, response) => {
      request.resume().on('end', () => response.writeHead(202).end());
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  }
  const orm = await createOrm(connection);
  const { inbox } = createUnitOfWork({ orm, connection, log: silentLog });
  const worker = startInboxWorker({
    surface: 'github',
    receiptOf,
    inbox,
    clock: systemClock,
    log: silentLog,
    handle: async () => {},
  });
  const { port } = await listenForWebhooks({ port: 0, secret, log: silentLog, accept: (told) => worker.accept(told) });
  return `http://127.0.0.1:${port}${WEBHOOK_PATH}`;
}

if (import.meta.main) {
  process.on('message', (order: ReceiverOrder) => {
    void connect(order).then((url) => process.send?.(url));
  });
  process.on('disconnect', () => process.exit(0));
}
