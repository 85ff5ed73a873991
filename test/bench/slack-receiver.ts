import { App, LogLevel, SocketModeReceiver } from '@slack/bolt';
import { acceptFirst } from '#bots/slack/receiving/accept-first.ts';
import { startInboxWorker } from '#bots/slack/receiving/worker.ts';
import type { DatabaseConnection } from '#infra/postgres/connection-options.ts';
import { createOrm } from '#persistence/orm.ts';
import { createUnitOfWork } from '#persistence/unit-of-work.ts';
import { systemClock } from '#src/ports/clock.ts';
import { silentLog } from '#src/ports/log.ts';

/** What the bench tells the process that stands for the factory, and what comes back. */
export interface ReceiverOrder {
  url: string;
  botToken: string;
  appToken: string;
  /** null: a bare Bolt that acknowledges and keeps nothing. */
  connection: DatabaseConnection | null;
}
export interface ReceiverReport {
  handled: number;
  heapBytes: number;
}

let handled = 0;

async function connect({ url, botToken, appToken, connection }: ReceiverOrder): Promise<() => Promise<void>> {
  const receiver = new SocketModeReceiver({
    appToken,
    logLevel: LogLevel.ERROR,
    installerOptions: { clientOptions: { slackApiUrl: url } },
  });
  const options = {
    token: botToken,
    logLevel: LogLevel.ERROR,
    clientOptions: { slackApiUrl: url },
    deferInitialization: true,
  };
  if (connection === null) {
    const app = new App({ ...options, receiver });
    app.event('message', async () => void (handled += 1));
    await app.init();
    await app.start();
    return async () => {};
  }
  const orm = await createOrm(connection);
  const { inbox } = createUnitOfWork({ orm, connection, log: silentLog });
  const worker = startInboxWorker({
    inbox,
    clock: systemClock,
    log: silentLog,
    handle: async () => void (handled += 1),
  });
  const app = new App({ ...options, receiver: acceptFirst(receiver, (body) => worker.accept(body)) });
  await app.init();
  await app.start();
  return () => worker.settle();
}

async function serve(): Promise<void> {
  let settle = async (): Promise<void> => {};
  const answer = async (order: ReceiverOrder | 'report'): Promise<void> => {
    if (order !== 'report') settle = await connect(order);
    await settle();
    globalThis.gc?.();
    process.send?.({ handled, heapBytes: process.memoryUsage().heapUsed } satisfies ReceiverReport);
  };
  process.on('message', (order: ReceiverOrder | 'report') => void answer(order));
  process.on('disconnect', () => process.exit(0));
}

if (import.meta.main) await serve();
