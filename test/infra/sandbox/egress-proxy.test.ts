import { once } from 'node:events';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { createServer, request, type Server } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type EgressProxy, startEgressProxy } from '#infra/sandbox/egress-proxy.ts';
import { allowingRule, parseEgressRules, readAuthority, readTarget } from '#infra/sandbox/egress-rules.ts';
import { isPublicAddress } from '#infra/sandbox/public-address.ts';
import type { Log } from '#src/ports/log.ts';
import { silentLog } from '#src/ports/log.ts';

describe('an allowlist', () => {
  const allows = (domain: string, host: string, port = 443): boolean => {
    const target = readTarget(host, port);
    return target !== null && allowingRule(parseEgressRules([domain]), target) !== null;
  };

  it.each([
    ['example.org', 'example.org', 443, true],
    ['example.org', 'EXAMPLE.org.', 80, true],
    ['example.org', 'example.org', 22, false],
    ['example.org', 'www.example.org', 443, false],
    ['example.org', 'badexample.org', 443, false],
    ['example.org', 'example.org.evil.com', 443, false],
    ['*.example.org', 'a.b.example.org', 443, true],
    ['*.example.org', 'example.org', 443, false],
    ['*.example.org', 'badexample.org', 443, false],
    ['*.example.org', 'a.example.org.evil.com', 443, false],
    ['example.org:8443', 'example.org', 8443, true],
    ['example.org:8443', 'example.org', 443, false],
    ['127.0.0.1:9', '2130706433', 9, true],
    ['[::1]:9', '[::1]', 9, true],
  ])('%s lets %s:%i through: %s', (domain, host, port, expected) => {
    expect(allows(domain, host, port)).toBe(expected);
  });

  it.each([
    '',
    '*',
    '*.',
    'https://example.org',
    'a b',
    'user@example.org',
    'example.org/path',
    'example.org:0',
    'example.org:99999',
    '*.127.0.0.1',
    '*.*.org',
  ])('cannot hold %j', (domain) => {
    expect(() => parseEgressRules([domain])).toThrow(expect.objectContaining({ code: 'egress-domain-invalid' }));
  });

  it.each(['example.org', 'example.org:', ':443', 'a@b:443', 'a/b:443', 'a b:443', '::1:443', 'a:b:443'])(
    'takes %j for no authority',
    (text) => {
      expect(readAuthority(text)).toBeNull();
    },
  );
});

describe('addresses', () => {
  it.each([
    '127.0.0.1',
    '127.9.9.9',
    '10.0.0.1',
    '172.16.0.1',
    '172.31.255.255',
    '192.168.1.1',
    '169.254.169.254',
    '100.64.0.1',
    '0.0.0.0',
    '224.0.0.1',
    '255.255.255.255',
    '::1',
    '::',
    'fe80::1',
    'fc00::1',
    'fd12::1',
    'ff02::1',
    '::ffff:127.0.0.1',
    '::ffff:8.8.8.8',
    '64:ff9b::7f00:1',
    '2002:7f00:1::',
    '2001:db8::1',
    'not an address',
  ])('%s is not public', (address) => {
    expect(isPublicAddress(address)).toBe(false);
  });

  it.each(['1.1.1.1', '172.32.0.1', '100.128.0.1', '2606:4700:4700::1111'])('%s is public', (address) => {
    expect(isPublicAddress(address)).toBe(true);
  });
});

describe('the proxy', () => {
  let folder: string;
  let socketPath: string;
  let server: Server;
  let port: number;
  let proxy: EgressProxy | null = null;
  const warnings: Record<string, unknown>[] = [];
  const log: Log = { ...silentLog, warn: (fields) => warnings.push(fields) };

  beforeEach(async () => {
    warnings.length = 0;
    folder = await mkdtemp(join(tmpdir(), 'egress-'));
    socketPath = join(folder, 's');
    server = createServer((incoming, answer) => {
      if (incoming.url === '/away') return answer.writeHead(302, { location: 'http://other.example/' }).end();
      answer.end(
        `${incoming.method} ${incoming.url} ${incoming.headers.host} ${incoming.headers['proxy-authorization'] ?? '-'}`,
      );
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    port = (server.address() as AddressInfo).port;
  });
  afterEach(async () => {
    await proxy?.close();
    proxy = null;
    server.close();
    server.closeAllConnections();
    await rm(folder, { recursive: true });
  });

  const start = async (domains: string[], resolve?: (host: string) => Promise<string[]>): Promise<void> => {
    proxy = await startEgressProxy({
      socketPath,
      domains,
      owner: null,
      log,
      ...(resolve === undefined ? {} : { resolve }),
    });
  };
  const get = (url: string): Promise<{ status: number; text: string; location: string | undefined }> =>
    new Promise((done, failed) => {
      const asked = request(
        { socketPath, path: url, headers: { 'proxy-authorization': 'secret', host: 'lie.example' } },
        (answer) => {
          let text = '';
          answer.on('data', (chunk: Buffer) => {
            text += chunk.toString();
          });
          answer.on('end', () => done({ status: answer.statusCode ?? 0, text, location: answer.headers.location }));
        },
      );
      asked.on('error', failed);
      asked.end();
    });
  /** Sends raw bytes; what came back until the other side ended, or until `enough`. */
  const raw = (bytes: string, enough: (text: string) => boolean = () => false): Promise<string> =>
    new Promise((done) => {
      let text = '';
      const socket = connect(socketPath, () => socket.write(bytes));
      socket.on('data', (chunk) => {
        text += chunk.toString();
        if (enough(text)) socket.destroy();
      });
      socket.on('error', () => socket.destroy());
      socket.on('close', () => done(text));
    });

  it('forwards to a host that is listed with its port, without what is meant for the proxy', async () => {
    await start([`127.0.0.1:${port}`]);
    expect(await get(`http://127.0.0.1:${port}/a?b=c`)).toMatchObject({
      status: 200,
      text: `GET /a?b=c 127.0.0.1:${port} -`,
    });
    expect((await stat(socketPath)).mode & 0o777).toBe(0o600);
    expect(warnings).toEqual([]);
  });

  it('opens a tunnel to it', async () => {
    await start([`localhost:${port}`], async () => ['127.0.0.1']);
    const tunnelled = `CONNECT localhost:${port} HTTP/1.1\r\nHost: x\r\n\r\nGET /t HTTP/1.1\r\nHost: inner\r\nConnection: close\r\n\r\n`;
    expect(await raw(tunnelled)).toMatch(
      /^HTTP\/1.1 200 Connection Established\r\n\r\nHTTP\/1.1 200 OK[^]*GET \/t inner/,
    );
  });

  it.each([
    'http://169.254.169.254/latest/meta-data',
    'http://other.example/',
    'http://allowed.example@other.example/',
    'http://u:p@allowed.example/',
    'http://allowed.example:22/',
    'http://allowed.example.other.example/',
    'http://2130706433/',
    'http://[::1]/',
    'ftp://allowed.example/',
    'https://allowed.example/',
    '/relative',
  ])('refuses %s, and logs it', async (url) => {
    await start(['allowed.example'], async () => ['127.0.0.1']);
    expect((await get(url)).status).toBe(403);
    expect(warnings).toHaveLength(1);
  });

  it.each(['169.254.169.254:80', 'other.example:443', 'allowed.example:22', 'allowed.example', '[::1]:443'])(
    'refuses a tunnel to %s, and logs it',
    async (authority) => {
      await start(['allowed.example'], async () => ['127.0.0.1']);
      expect(await raw(`CONNECT ${authority} HTTP/1.1\r\nHost: x\r\n\r\n`)).toMatch(/^HTTP\/1.1 40[03]/);
      expect(warnings.length).toBeLessThanOrEqual(1);
    },
  );

  it('refuses a listed name that leads into a private network, in any of its addresses (C19)', async () => {
    for (const addresses of [['127.0.0.1'], ['1.1.1.1', '10.0.0.1'], ['::ffff:10.0.0.1']]) {
      await start(['allowed.example'], async () => addresses);
      const answer = await raw('CONNECT allowed.example:443 HTTP/1.1\r\nHost: x\r\n\r\n');
      expect(answer).toContain('403');
      expect(answer).toContain('private network');
      await proxy?.close();
      proxy = null;
    }
  });

  it('asks for a name once, and connects to the address that it checked', async () => {
    let asked = 0;
    await start([`allowed.example:${port}`], async () => {
      asked += 1;
      return asked === 1 ? ['127.0.0.1'] : ['192.0.2.1'];
    });
    expect((await get(`http://allowed.example:${port}/`)).status).toBe(200);
    expect(asked).toBe(1);
  });

  it('refuses a user name in an address that is otherwise allowed (C19)', async () => {
    await start([`127.0.0.1:${port}`]);
    expect((await get(`http://other.example@127.0.0.1:${port}/`)).status).toBe(403);
    expect((await get(`http://:x@127.0.0.1:${port}/`)).status).toBe(403);
  });

  it('does not follow a redirect for the client (C19)', async () => {
    await start([`127.0.0.1:${port}`]);
    expect(await get(`http://127.0.0.1:${port}/away`)).toMatchObject({
      status: 302,
      location: 'http://other.example/',
    });
    expect((await get('http://other.example/')).status).toBe(403);
  });

  it('never logs what is asked of a host beyond its path', async () => {
    await start(['allowed.example']);
    await get('http://other.example/p?token=secret');
    expect(JSON.stringify(warnings)).not.toContain('secret');
  });

  it('closes with connections open', async () => {
    await start([`127.0.0.1:${port}`]);
    const open = raw(`CONNECT 127.0.0.1:${port} HTTP/1.1\r\nHost: x\r\n\r\n`);
    await once(server, 'connection');
    await proxy?.close();
    proxy = null;
    expect(await open).toMatch(/^(HTTP\/1.1 200|$)/);
  });
});
