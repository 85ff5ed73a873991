import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createAdaptorServer } from '@hono/node-server';
import { FactoryError } from '#src/errors.ts';
import type { Log } from '#src/ports/log.ts';
import { createStreamCloser } from './stream-closer.ts';

export interface ServeOptions {
  handler: (request: Request) => Promise<Response>;
  port: number;
  /** Whether a person chose the port. Theirs is used or refused; the default makes way for whoever has it. */
  portIsExplicit: boolean;
  log: Log;
}

export interface Served {
  /** `http://127.0.0.1:4747`. */
  url: string;
  port: number;
  /** Stops listening, ends event streams, lets running requests end, then cuts what is left. Safe to call twice. */
  close(): Promise<void>;
}

const host = '127.0.0.1';
/** How many ports after the default one are tried before any free one is taken. */
const neighboursTried = 20;
/** Running requests get this long to end. */
const closeGraceMs = 3_000;

/** Serves on loopback only. FactoryError `port-in-use`, `port-refused`. */
export async function serve(options: ServeOptions): Promise<Served> {
  const streams = createStreamCloser();
  const server = createAdaptorServer({
    fetch: async (request) => streams.watch(await options.handler(request)),
    // The room reads uploads itself and may refuse one before it has come in whole.
    overrideGlobalObjects: false,
  }) as Server;
  const port = await listenSomewhere(server, options);
  if (port !== options.port && options.port !== 0) {
    options.log.info({ wanted: options.port, port }, 'The usual port is taken; the next free one is used.');
  }
  let closing: Promise<void> | null = null;
  return { url: `http://${host}:${port}`, port, close: () => (closing ??= closeServer(server, streams.closeAll)) };
}

async function listenSomewhere(server: Server, { port, portIsExplicit }: ServeOptions): Promise<number> {
  const last = portIsExplicit || port === 0 ? port : Math.min(port + neighboursTried, 65_535);
  for (let candidate = port; candidate <= last; candidate += 1) {
    try {
      return await listen(server, candidate);
    } catch (error) {
      if (!isBusy(error)) throw refused(candidate, error);
      if (portIsExplicit) throw inUse(candidate, error);
    }
  }
  return listen(server, 0);
}

function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ port, host, exclusive: true }, () => {
      server.off('error', reject);
      resolve((server.address() as AddressInfo).port);
    });
  });
}

function isBusy(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'EADDRINUSE';
}

function inUse(port: number, cause: unknown): FactoryError {
  return new FactoryError('port-in-use', `Port ${port} is used by another program.`, {
    fix: `Stop that program, set PORT to another number, or leave PORT unset and the next free one is taken.`,
    retryable: true,
    cause,
  });
}

function refused(port: number, cause: unknown): FactoryError {
  const why = cause instanceof Error ? cause.message : String(cause);
  return new FactoryError('port-refused', `The room could not listen on port ${port}: ${why}.`, {
    fix: 'Set PORT to a number from 1024 to 65535.',
    cause,
  });
}

async function closeServer(server: Server, endStreams: () => void): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  endStreams();
  server.closeIdleConnections();
  const cut = setTimeout(() => server.closeAllConnections(), closeGraceMs);
  // Keep-alive connections turn idle once their last answer is out.
  const sweep = setInterval(() => server.closeIdleConnections(), 50);
  await closed;
  clearTimeout(cut);
  clearInterval(sweep);
}
