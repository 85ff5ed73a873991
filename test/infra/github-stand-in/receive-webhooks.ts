import { createServer } from 'node:http';
import type { IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';
import type { Webhook } from '#test/support/github/delivery/deliveries.ts';
import type { StandInGitHub } from '#test/support/github/start-github.ts';

export interface Received {
  headers: IncomingHttpHeaders;
  /** As it came: what the signature is over. */
  text: string;
  payload: Record<string, unknown>;
}

export interface Inbox {
  hook: Webhook;
  all: Received[];
  /** `issues.opened`, `push`, … in the order in which they came. */
  names(): string[];
  /** What it answers; left out: 202. */
  status: number;
}

type Github = Pick<StandInGitHub<string, 'workbench'>, 'webhookTo'>;

/** Listens for the running test. */
export async function receiveWebhooks(
  github: Github,
  options: Parameters<Github['webhookTo']>[1] = {},
): Promise<Inbox> {
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const text = Buffer.concat(chunks).toString('utf8');
      inbox.all.push({ headers: request.headers, text, payload: JSON.parse(text) as Received['payload'] });
      response.writeHead(inbox.status).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  const { port } = server.address() as AddressInfo;
  const inbox: Inbox = {
    hook: github.webhookTo(`http://127.0.0.1:${port}/github`, options),
    all: [],
    status: 202,
    names: () =>
      inbox.all.map(({ headers, payload }) => {
        const action = typeof payload.action === 'string' ? `.${payload.action}` : '';
        return `${String(headers['x-github-event'])}${action}`;
      }),
  };
  return inbox;
}
