import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { App, HTTPReceiver, LogLevel, SocketModeReceiver } from '@slack/bolt';
import type { Logger, Receiver } from '@slack/bolt';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { acceptFirst } from '#bots/slack/receiving/accept-first.ts';
import { startInboxWorker } from '#bots/slack/receiving/worker.ts';
import { systemClock } from '#src/ports/clock.ts';
import { silentLog } from '#src/ports/log.ts';
import { openTestStore } from '#test/persistence/support.ts';
import type { TestStore } from '#test/persistence/support.ts';
import { startSlack } from '#test/support/slack/start-slack.ts';
import type { StandInApp } from '#test/support/slack/stand-in-app.ts';

let store: TestStore;
beforeAll(async () => {
  store = await openTestStore();
});
afterAll(() => store.close());

/** Bolt says aloud what it could not work on. */
const quiet: Logger = {
  debug() {},
  info() {},
  warn() {},
  error() {},
  setLevel() {},
  getLevel: () => LogLevel.ERROR,
  setName() {},
};

type Open = (url: string, app: StandInApp, wrap: (receiver: Receiver) => Receiver) => Promise<() => Promise<void>>;

const overSocket: Open = async (slackApiUrl, { appToken, botToken }, wrap) => {
  const receiver = new SocketModeReceiver({
    appToken,
    logger: quiet,
    installerOptions: { clientOptions: { slackApiUrl } },
  });
  receiver.client.on('error', () => {});
  const app = appOn(slackApiUrl, botToken, wrap(receiver));
  await app.init();
  await app.start();
  return () => receiver.client.disconnect();
};

const overHttp: Open = async (slackApiUrl, app, wrap) => {
  const receiver = new HTTPReceiver({ signingSecret: app.signingSecret, logger: quiet });
  appOn(slackApiUrl, app.botToken, wrap(receiver));
  const server = createServer((request, response) => receiver.requestListener(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  app.sendTo(`http://127.0.0.1:${(server.address() as AddressInfo).port}/slack/events`);
  return async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  };
};

function appOn(slackApiUrl: string, token: string, receiver: Receiver): App {
  return new App({
    token,
    receiver,
    logger: quiet,
    clientOptions: { slackApiUrl },
    deferInitialization: true,
  });
}

/** A stand-in Slack whose deliveries go to an inbox, and what was worked on of it. */
async function receiving(open: Open, beforeAccept: (() => void) | null = null, ackTimeoutMs = 2_000) {
  await store.orm.em.fork().getConnection().execute('TRUNCATE inbox');
  const waits = beforeAccept === null ? {} : { ackTimeoutMs, retryAfterMs: [1, 1, 1] };
  const slack = await startSlack(waits);
  onTestFinished(() => slack.close());
  const { inbox } = store.unitOfWork;
  const handled: string[] = [];
  const worker = startInboxWorker({
    inbox: {
      ...inbox,
      accept: async (delivery) => {
        beforeAccept?.();
        return inbox.accept(delivery);
      },
    },
    clock: systemClock,
    log: silentLog,
    handle: async (body) => void handled.push(String((body as { event?: { text?: string } }).event?.text)),
  });
  onTestFinished(() => worker.stop());
  const close = await open(slack.url, slack.apps.workbench, (receiver) =>
    acceptFirst(receiver, (body) => worker.accept(body)),
  );
  onTestFinished(close);
  return { slack, worker, handled };
}

describe.each([
  { name: 'Socket Mode', open: overSocket },
  { name: 'signed HTTP', open: overHttp },
])('what comes over $name', ({ open }) => {
  it('is not acknowledged before it is kept: Slack sends it again, and it is worked on once (F10, F14, I1)', async () => {
    let failures = 1;
    const { slack, worker, handled } = await receiving(open, () => {
      if (failures > 0) {
        failures -= 1;
        throw new Error('the database is away');
      }
    });
    slack.people.ana.say('ideas', 'hello');
    await slack.settled();
    await worker.settle();
    const [delivery] = slack.deliveries.all;
    expect(delivery?.isAcknowledged).toBe(true);
    expect(delivery?.attempts).toBeGreaterThan(1);
    expect(handled).toEqual(['hello']);
  });

  it('is never acknowledged when it is never kept', async () => {
    const away = () => {
      throw new Error('the database is away');
    };
    const { slack, worker, handled } = await receiving(open, away, 200);
    slack.people.ana.say('ideas', 'hello');
    await slack.settled();
    await worker.settle();
    expect(slack.deliveries.all).toMatchObject([{ attempts: 4, isAcknowledged: false }]);
    expect(handled).toEqual([]);
  });

  it('five times is worked on once, and acknowledged each time (F09, I2)', async () => {
    const { slack, worker, handled } = await receiving(open);
    slack.deliveryFaults.duplicate.next(1);
    slack.people.ana.say('ideas', 'hello');
    await slack.settled();
    const [delivery] = slack.deliveries.all;
    if (delivery === undefined) throw new Error('nothing was sent');
    await slack.deliveries.redeliver(delivery);
    // Done, and nothing of it in memory any more: what is known of it is what was kept.
    await worker.settle();
    await worker.settle();
    await Promise.all([slack.deliveries.redeliver(delivery), slack.deliveries.redeliver(delivery)]);
    await worker.settle();
    expect(delivery).toMatchObject({ attempts: 5, isAcknowledged: true });
    expect(handled).toEqual(['hello']);
  });
});
