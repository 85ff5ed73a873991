import { createServer, type Server } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { createQueue } from '#infra/queue/bullmq-queue.ts';
import { inspectRedis } from '#infra/queue/inspect-redis.ts';
import { silentLog } from '#src/ports/log.ts';

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

/** Answers INFO with `info` and everything else with `other`, in Redis's own protocol. */
async function startStandIn(info: string, other = '+OK\r\n'): Promise<string> {
  const server = createServer((socket) => {
    socket.on('error', () => {});
    socket.on('data', (chunk: Buffer) => {
      const commands = chunk.toString().split(/(?=\*\d+\r\n)/);
      for (const command of commands) {
        socket.write(/\binfo\b/i.test(command) ? `$${Buffer.byteLength(info)}\r\n${info}\r\n` : other);
      }
    });
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  return `redis://127.0.0.1:${address !== null && typeof address === 'object' ? address.port : 0}`;
}

describe('inspectRedis', () => {
  it('finds nothing to say about a server that keeps what it is given', async () => {
    const url = await startStandIn('redis_version:7.2.0\r\nmaxmemory_policy:noeviction\r\n');
    expect(await inspectRedis(url)).toEqual({ version: '7.2.0', warnings: [] });
  });

  it('warns about one that throws entries away (F04)', async () => {
    const url = await startStandIn('redis_version:7.2.0\r\nmaxmemory_policy:allkeys-lru\r\n');
    const { warnings } = await inspectRedis(url);
    expect(warnings).toEqual([expect.stringContaining('allkeys-lru')]);
  });

  it('says so when nobody answers, without the password', async () => {
    const error: unknown = await inspectRedis('redis://ann:secret@127.0.0.1:1').catch((caught: unknown) => caught);
    expect(error).toMatchObject({
      code: 'queue-unreachable',
      message: expect.stringContaining('nothing answers there'),
      retryable: true,
    });
    expect(JSON.stringify([error, String(error)])).not.toContain('secret');
  });

  it('says so when the password is wrong', async () => {
    const refusal = '-WRONGPASS invalid username-password pair or user is disabled.\r\n';
    const url = (await startStandIn('', refusal)).replace('redis://', 'redis://ann:secret@');
    await expect(inspectRedis(url)).rejects.toMatchObject({
      code: 'queue-unreachable',
      message: expect.not.stringContaining('secret'),
    });
  });

  it.each(['somewhere', 'http://127.0.0.1:6379'])('refuses %s', async (url) => {
    await expect(inspectRedis(url)).rejects.toMatchObject({ code: 'redis-url-invalid' });
  });

  it('is asked before a queue is opened', async () => {
    const opening = createQueue({
      lane: 'wakes',
      backend: { kind: 'redis', url: 'redis://127.0.0.1:1' },
      log: silentLog,
    });
    await expect(opening).rejects.toMatchObject({ code: 'queue-unreachable' });
  });
});
