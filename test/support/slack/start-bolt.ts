import { App, HTTPReceiver, LogLevel, SocketModeReceiver } from '@slack/bolt';
import type { Receiver } from '@slack/bolt';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { StandInApp } from './stand-in-app.ts';

/** Bolt as it is, with its own clients, against the stand-in. */
export interface StartedBolt {
  app: App;
  stop(): Promise<void>;
}

interface BoltOptions {
  /** Of the stand-in. */
  url: string;
  app: StandInApp;
  /** How soon Bolt comes back after its line went down; its own default is 5 s. */
  reconnectMs?: number;
  /** Says what the app listens for. */
  listen?: (app: App) => void;
}

export async function startBoltOnSocket({ url, app, reconnectMs, listen }: BoltOptions): Promise<StartedBolt> {
  const receiver = new SocketModeReceiver({
    appToken: app.appToken,
    logLevel: LogLevel.ERROR,
    // Its own address of Slack: the app's `clientOptions` do not reach the receiver.
    installerOptions: { clientOptions: { slackApiUrl: url } },
    ...(reconnectMs === undefined ? {} : { clientPingTimeout: reconnectMs }),
  });
  const bolt = createApp(url, app, receiver);
  listen?.(bolt);
  await bolt.init();
  await bolt.start();
  // Bolt's own `stop` does not wait for the line to be down.
  return { app: bolt, stop: () => receiver.client.disconnect() };
}

export async function startBoltOnHttp({ url, app, listen }: BoltOptions): Promise<StartedBolt> {
  const receiver = new HTTPReceiver({ signingSecret: app.signingSecret, logLevel: LogLevel.ERROR });
  const bolt = createApp(url, app, receiver);
  listen?.(bolt);
  await bolt.init();
  // Bolt's own `start` would listen on every interface.
  const server = createServer((request, response) => receiver.requestListener(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  app.sendTo(`http://127.0.0.1:${port}/slack/events`);
  return {
    app: bolt,
    stop: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function createApp(slackApiUrl: string, app: StandInApp, receiver: Receiver): App {
  return new App({
    token: app.botToken,
    receiver,
    logLevel: LogLevel.ERROR,
    clientOptions: { slackApiUrl, retryConfig: { retries: 0 }, rejectRateLimitedCalls: true },
    deferInitialization: true,
  });
}
