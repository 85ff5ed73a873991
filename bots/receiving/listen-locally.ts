import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface HttpAnswer {
  status: number;
  /** The rest of the request is not read. */
  close?: boolean;
  headers?: Record<string, string>;
  /** Sent as JSON. */
  body?: object;
}

export interface Listening {
  port: number;
  stop(): Promise<void>;
}

/**
 * Answers HTTP on this machine only: whatever leads requests here from outside is the person's own. `port` 0: any that
 * is free. Rejects with what the system says where it cannot be listened on. `onFailure` answers where `answer` rejects.
 */
export async function listenLocally({
  port,
  answer,
  onFailure,
}: {
  port: number;
  answer: (request: IncomingMessage) => Promise<HttpAnswer>;
  onFailure: (error: unknown) => HttpAnswer;
}): Promise<Listening> {
  const server = createServer((request, response) => {
    void answer(request).then(
      (answered) => send(response, answered),
      (error: unknown) => send(response, onFailure(error)),
    );
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    async stop() {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeIdleConnections();
      await closed;
    },
  };
}

/** Headers that stand once. */
export function headersOf(request: IncomingMessage): Record<string, string | undefined> {
  return Object.fromEntries(
    Object.entries(request.headers).flatMap(([name, value]) => (typeof value === 'string' ? [[name, value]] : [])),
  );
}

/** undefined: it is no JSON. */
export function readJson(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8')) as unknown;
  } catch {
    return undefined;
  }
}

function send(response: ServerResponse, { status, close = false, headers = {}, body }: HttpAnswer): void {
  const type = body === undefined ? {} : { 'content-type': 'application/json; charset=utf-8' };
  response
    .writeHead(status, { ...headers, ...type, ...(close ? { connection: 'close' } : {}) })
    .end(body === undefined ? undefined : `${JSON.stringify(body)}\n`);
}
