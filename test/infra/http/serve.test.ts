import { createServer, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { networkInterfaces } from 'node:os';
import { afterEach, describe, expect, test } from 'vitest';
import { serve, type Served } from '#infra/http/serve.ts';
import { FactoryError } from '#src/errors.ts';
import { silentLog } from '#src/ports/log.ts';

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

async function start(
  handler: (request: Request) => Promise<Response>,
  port = 0,
  portIsExplicit = false,
): Promise<Served> {
  const served = await serve({ handler, port, portIsExplicit, log: silentLog });
  closing.push(() => served.close());
  return served;
}

/** Another program on a port of its own. */
async function occupy(): Promise<number> {
  const server: Server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closing.push(() => new Promise((resolve) => server.close(() => resolve())));
  return (server.address() as AddressInfo).port;
}

const hello = (): Promise<Response> => Promise.resolve(new Response('hello'));

/** Resolves once `fetch` can no longer connect. */
async function isReachable(url: string): Promise<boolean> {
  try {
    await (await fetch(url)).text();
    return true;
  } catch {
    return false;
  }
}

describe('the port', () => {
  test('that a person chose and is busy is refused, with what to do', async () => {
    const port = await occupy();
    const error = await start(hello, port, true).catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(FactoryError);
    expect(error).toMatchObject({ code: 'port-in-use', retryable: true });
    expect((error as FactoryError).message).toContain(String(port));
    expect((error as FactoryError).fix).toContain('PORT');
  });

  test('by default makes way for the next free one', async () => {
    const port = await occupy();
    const served = await start(hello, port, false);
    expect(served.port).toBeGreaterThan(port);
    expect(served.url).toBe(`http://127.0.0.1:${served.port}`);
    expect(await (await fetch(served.url)).text()).toBe('hello');
  });

  test('that is out of range is refused', async () => {
    await expect(start(hello, 70_000, true)).rejects.toMatchObject({ code: 'port-refused' });
  });

  test('is taken on loopback only', async () => {
    const served = await start(hello);
    const outside = Object.values(networkInterfaces())
      .flat()
      .find((address) => address?.internal === false && address.family === 'IPv4');
    if (outside !== undefined) expect(await isReachable(`http://${outside.address}:${served.port}`)).toBe(false);
    expect(await isReachable(served.url)).toBe(true);
  });
});

describe('closing', () => {
  test('ends event streams, so that it need not wait for them', async () => {
    let left: unknown = 'still there';
    const served = await start(() =>
      Promise.resolve(
        new Response(
          new ReadableStream({
            start: (controller) => controller.enqueue(new TextEncoder().encode('data: one\n\n')),
            cancel: (reason) => {
              left = reason;
            },
          }),
          { headers: { 'content-type': 'text/event-stream' } },
        ),
      ),
    );
    const answer = await fetch(served.url);
    const reader = answer.body?.getReader();
    await reader?.read();
    const ended = reader?.read();
    await served.close();
    expect(await ended).toMatchObject({ done: true });
    expect(left).not.toBe('still there');
  });

  test('lets a running request end', async () => {
    let finish = (): void => undefined;
    let arrived = (): void => undefined;
    const isRunning = new Promise<void>((resolve) => {
      arrived = resolve;
    });
    const served = await start(async () => {
      arrived();
      await new Promise<void>((resolve) => {
        finish = resolve;
      });
      return new Response('done');
    });
    const answer = fetch(served.url);
    await isRunning;
    const closed = served.close();
    finish();
    expect(await (await answer).text()).toBe('done');
    await closed;
    expect(await isReachable(served.url)).toBe(false);
  });

  test('twice is the same as once', async () => {
    const served = await start(hello);
    await Promise.all([served.close(), served.close()]);
    expect(await isReachable(served.url)).toBe(false);
  });
});

describe('event streams', () => {
  test('are let go when the browser leaves', async () => {
    let gone = (): void => undefined;
    const isGone = new Promise<void>((resolve) => {
      gone = resolve;
    });
    const served = await start(() =>
      Promise.resolve(
        new Response(
          new ReadableStream({
            start: (controller) => controller.enqueue(new TextEncoder().encode('data: one\n\n')),
            cancel: () => gone(),
          }),
          { headers: { 'content-type': 'text/event-stream' } },
        ),
      ),
    );
    const stop = new AbortController();
    const answer = await fetch(served.url, { signal: stop.signal });
    await answer.body?.getReader().read();
    stop.abort();
    await expect(isGone).resolves.toBeUndefined();
  });

  test('are read only as fast as the browser reads', async () => {
    let pulled = 0;
    const served = await start(() =>
      Promise.resolve(
        new Response(
          new ReadableStream<Uint8Array>({
            pull: (controller) => {
              pulled += 1;
              if (pulled > 400) controller.error(new Error('nobody reads this'));
              else controller.enqueue(new Uint8Array(256 * 1024));
            },
          }),
          { headers: { 'content-type': 'text/event-stream' } },
        ),
      ),
    );
    // A bare socket that takes the head and then nothing.
    await new Promise<void>((resolve, reject) => {
      const asked = request(served.url, (answer) => {
        answer.pause();
        setTimeout(() => {
          answer.destroy();
          resolve();
        }, 300);
      });
      asked.on('error', reject).end();
    });
    expect(pulled).toBeLessThan(100);
  });
});
