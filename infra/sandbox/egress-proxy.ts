import { lookup } from 'node:dns/promises';
import { chmod, chown } from 'node:fs/promises';
import { createServer, type IncomingHttpHeaders, type IncomingMessage, request, type ServerResponse } from 'node:http';
import { connect, isIP, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { Log } from '#src/ports/log.ts';
import { allowingRule, type EgressTarget, parseEgressRules, readAuthority, readTarget } from './egress-rules.ts';
import { isPublicAddress } from './public-address.ts';

const IDLE_MS = 60_000;
const MAX_CONNECTIONS = 128;

export interface EgressProxy {
  close(): Promise<void>;
}

export interface EgressProxyOptions {
  socketPath: string;
  domains: readonly string[];
  /** The user whose processes may connect; null leaves the socket to this process's own user. */
  owner: { uid: number; gid: number } | null;
  log: Log;
  /** Addresses of a name; by default the host's resolver. */
  resolve?: (host: string) => Promise<string[]>;
}

class Refusal extends Error {}

/**
 * A forward proxy on a unix socket: the only way out of a sandbox whose command may reach `domains`. It resolves names
 * itself, checks every address, and connects to the address that it checked, so that a second answer of the name
 * server changes nothing. It does not look into TLS: an allowed host that itself forwards traffic is an open door.
 */
export async function startEgressProxy(options: EgressProxyOptions): Promise<EgressProxy> {
  const rules = parseEgressRules(options.domains);
  const resolve = options.resolve ?? resolveOnHost;
  const sockets = new Set<Duplex>();

  const checkedAddress = async (target: EgressTarget): Promise<string> => {
    const rule = allowingRule(rules, target);
    if (rule === null) throw new Refusal(`${target.host}:${target.port} is not on the list of allowed domains`);
    const addresses = isIP(target.host) === 0 ? await resolve(target.host) : [target.host];
    const [first] = addresses;
    if (first === undefined) throw new Refusal(`${target.host} has no address`);
    if (rule.port === null && !addresses.every(isPublicAddress)) {
      throw new Refusal(`${target.host} is an address of a private network, which must be listed with its port`);
    }
    return first;
  };

  const refusal = (error: unknown, asked: string): string => {
    const reason = error instanceof Refusal ? error.message : 'it could not be reached';
    const detail = error instanceof Refusal ? undefined : String((error as Error).message);
    options.log.warn({ asked: asked.slice(0, 300), reason, detail }, 'sandbox egress refused');
    return `The sandbox may not connect: ${reason}.\n`;
  };

  const server = createServer({ maxHeaderSize: 16 * 1024 }, (incoming, answer) => {
    forward(incoming, answer).catch((error: unknown) => {
      const text = refusal(error, `${incoming.method} ${withoutQuery(incoming.url ?? '')}`);
      if (answer.headersSent) answer.destroy();
      else answer.writeHead(403, { 'content-type': 'text/plain', connection: 'close' }).end(text);
    });
  });

  async function forward(incoming: IncomingMessage, answer: ServerResponse): Promise<void> {
    const url = URL.canParse(incoming.url ?? '') ? new URL(incoming.url ?? '') : null;
    if (url === null || url.protocol !== 'http:') throw new Refusal('the request names no http address');
    if (url.username !== '' || url.password !== '') throw new Refusal('the address carries a user name');
    const target = readTarget(url.hostname, url.port === '' ? 80 : Number(url.port));
    if (target === null) throw new Refusal('the request names no host');
    const address = await checkedAddress(target);
    await new Promise<void>((done, failed) => {
      const outgoing = request(
        {
          host: address,
          port: target.port,
          method: incoming.method,
          path: `${url.pathname}${url.search}`,
          headers: { ...endToEnd(incoming.headers), host: url.host },
          timeout: IDLE_MS,
          agent: false,
        },
        (reply) => {
          answer.writeHead(reply.statusCode ?? 502, endToEnd(reply.headers));
          reply.pipe(answer);
          reply.once('end', done);
          reply.once('error', failed);
        },
      );
      outgoing.once('timeout', () => outgoing.destroy(new Error('no answer in time')));
      outgoing.once('error', failed);
      answer.once('close', () => outgoing.destroy());
      incoming.pipe(outgoing);
    });
  }

  server.on('connect', (incoming: IncomingMessage, client: Duplex, head: Buffer) => {
    sockets.add(client);
    client.on('error', () => client.destroy());
    client.once('close', () => sockets.delete(client));
    const target = readAuthority(incoming.url ?? '');
    Promise.resolve(target)
      .then((known) => {
        if (known === null) throw new Refusal('the request names no host and port');
        return checkedAddress(known);
      })
      .then((address) => tunnel(client, head, address, target?.port ?? 443))
      .catch((error: unknown) => {
        const text = refusal(error, `CONNECT ${incoming.url ?? ''}`);
        client.end(`HTTP/1.1 403 Forbidden\r\nContent-Type: text/plain\r\nConnection: close\r\n\r\n${text}`);
      });
  });

  function tunnel(client: Duplex, head: Buffer, address: string, port: number): Promise<void> {
    return new Promise((open, failed) => {
      const remote: Socket = connect({ host: address, port });
      sockets.add(remote);
      remote.setTimeout(IDLE_MS, () => remote.destroy());
      remote.once('error', failed);
      remote.once('close', () => {
        sockets.delete(remote);
        client.destroy();
      });
      client.once('close', () => remote.destroy());
      remote.once('connect', () => {
        client.write('HTTP/1.1 200 Connection Established\r\n\r\n');
        if (head.length > 0) remote.write(head);
        client.pipe(remote).pipe(client);
        remote.on('error', () => client.destroy());
        open();
      });
    });
  }

  server.on('upgrade', (_incoming, socket: Duplex) => socket.destroy());
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  server.maxConnections = MAX_CONNECTIONS;
  await new Promise<void>((listening, failed) => {
    server.once('error', failed);
    server.listen(options.socketPath, listening);
  });
  if (options.owner !== null) await chown(options.socketPath, options.owner.uid, options.owner.gid);
  await chmod(options.socketPath, 0o600);

  return {
    close: () =>
      new Promise((closed) => {
        server.close(() => closed());
        for (const socket of sockets) socket.destroy();
      }),
  };
}

async function resolveOnHost(host: string): Promise<string[]> {
  const found = await lookup(host, { all: true, verbatim: true });
  // IPv4 first: machines without an IPv6 route still get IPv6 answers.
  return found.sort((a, b) => a.family - b.family).map((entry) => entry.address);
}

/** RFC 9110 section 7.6.1: fields that concern one connection only are not passed on. */
function endToEnd(headers: IncomingHttpHeaders): IncomingHttpHeaders {
  const named = String(headers.connection ?? '')
    .toLowerCase()
    .split(',')
    .map((name) => name.trim());
  const hopByHop = new Set([
    ...named,
    'connection',
    'keep-alive',
    'proxy-authenticate',
    'proxy-authorization',
    'proxy-connection',
    'te',
    'trailer',
    'transfer-encoding',
    'upgrade',
  ]);
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !hopByHop.has(name)));
}

function withoutQuery(url: string): string {
  return url.split('?')[0] ?? '';
}
