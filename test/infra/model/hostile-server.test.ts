import { createServer } from 'node:http';
import type { RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { describe, expect, it, onTestFinished } from 'vitest';
import { ask, failureOf } from '#test/contracts/model.ts';
import { modelAt, never } from './support.ts';

const MEGABYTE = Buffer.alloc(1024 * 1024, ' ');

/** A server that answers as the test says; `asked` counts its requests. */
async function hostile(answer: RequestListener) {
  const count = { asked: 0 };
  const server = createServer((request, response) => {
    count.asked += 1;
    response.on('error', () => {});
    request.resume().on('end', () => answer(request, response));
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  onTestFinished(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`, count };
}

/** Writes the same again and again for as long as somebody reads. */
function endlessly(
  chunk: Buffer | string,
  write: (chunk: Buffer | string) => boolean,
  drained: (go: () => void) => void,
) {
  const go = (): void => {
    let hasRoom = true;
    for (let times = 0; hasRoom && times < 16; times += 1) hasRoom = write(chunk);
    if (hasRoom) setImmediate(go);
    else drained(go);
  };
  go();
}

const whole = (message: object, more: object = {}) =>
  JSON.stringify({ choices: [{ index: 0, message, finish_reason: 'stop' }], ...more });
const answering =
  (body: string): RequestListener =>
  (_request, response) =>
    void response.writeHead(200, { 'content-type': 'application/json' }).end(body);

describe('an answer without end', () => {
  it.each([
    [200, 'application/json'],
    [200, 'text/event-stream'],
    [500, 'application/json'],
  ])('is not read to the end: HTTP %i as %s (C12, A27)', async (status, type) => {
    const { url } = await hostile((_request, response) => {
      response.writeHead(status, { 'content-type': type });
      endlessly(
        MEGABYTE,
        (chunk) => response.write(chunk),
        (go) => void response.once('drain', go),
      );
    });
    const { model } = modelAt(url, { timeoutSeconds: 60 });
    const failure = await failureOf(model.complete(ask('Hello'), never));
    expect(failure.code).toBe('model-unreachable');
    if (status === 200) expect(failure.message).toContain('64 MiB');
  });

  it('is not unpacked to the end when it is packed small (C12, A27)', async () => {
    const packed = gzipSync(Buffer.alloc(80 * 1024 * 1024, ' '));
    const { url } = await hostile((_request, response) => {
      response.writeHead(200, { 'content-type': 'application/json', 'content-encoding': 'gzip' }).end(packed);
    });
    const failure = await failureOf(modelAt(url, { timeoutSeconds: 60 }).model.complete(ask('Hello'), never));
    expect(failure.message).toContain('64 MiB');
  });

  it.each([
    ['empty pieces', `data: ${JSON.stringify({ choices: [] })}\n\n`],
    ['one letter after another', `data: ${JSON.stringify({ choices: [{ delta: { content: 'a' } }] })}\n\n`],
    ['signs of life alone', ': keep-alive\n\n'],
  ])('ends in a time, however it is kept alive: %s (A27, I9)', async (_what, piece) => {
    const { url } = await hostile((_request, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      const timer = setInterval(() => response.write(piece), 10);
      response.on('close', () => clearInterval(timer));
    });
    const failure = await failureOf(modelAt(url, { timeoutSeconds: 0.05 }).model.complete(ask('Hello'), never));
    expect(failure).toMatchObject({ code: 'model-unreachable', maySpend: true });
  });
});

describe('an answer that is made to break its reader', () => {
  const deep = (depth: number) => `${'{"a":'.repeat(depth)}null${'}'.repeat(depth)}`;
  const tool = { name: 'echo', description: 'x', parameters: { type: 'object', properties: {} } };

  it('by its depth is an answer like any other (F25)', async () => {
    const body = deep(200_000);
    const { url } = await hostile(answering(whole({ content: body })));
    const request = { ...ask('Hello'), answer: { name: 'probe', schema: { type: 'object', properties: {} } } };
    const { text } = await modelAt(url).model.complete(request, never);
    expect(text).toContain('"a"');
  });

  it.each(['as text', 'as an object'])(
    'by the depth of arguments %s says so or keeps them as they are (F25)',
    async (how) => {
      const given = how === 'as text' ? JSON.stringify(deep(200_000)) : deep(200_000);
      const call = `{"id":"1","type":"function","function":{"name":"echo","arguments":${given}}}`;
      const body = `{"choices":[{"message":{"tool_calls":[${call}]},"finish_reason":"tool_calls"}]}`;
      const { url } = await hostile(answering(body));
      const outcome = await modelAt(url)
        .model.complete({ ...ask('Hello'), tools: [tool] }, never)
        .then(
          ({ toolCalls }) => toolCalls.map(({ name }) => name).join(),
          ({ code }: { code?: string }) => code,
        );
      expect(['echo', 'model-unreachable']).toContain(outcome);
    },
  );

  it('by its number of tool calls loses those that nobody would make (A27)', async () => {
    const calls = Array.from({ length: 200_000 }, (_, index) => ({
      index,
      id: `c${index}`,
      function: { name: 'echo', arguments: '{}' },
    }));
    const { url } = await hostile(answering(whole({ tool_calls: calls })));
    const { toolCalls } = await modelAt(url).model.complete({ ...ask('Hello'), tools: [tool] }, never);
    expect(toolCalls.length).toBeGreaterThan(20);
    expect(toolCalls.length).toBeLessThan(1000);
  });

  it('by keys that objects have by themselves changes nothing (F25)', async () => {
    const args = '{"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}},"a":null}';
    const { url } = await hostile(
      answering(whole({ tool_calls: [{ id: '1', function: { name: 'echo', arguments: args } }] })),
    );
    await modelAt(url).model.complete({ ...ask('Hello'), tools: [tool] }, never);
    expect('polluted' in {}).toBe(false);
  });
});

describe('what a server claims to have counted', () => {
  it.each([
    ['more than any model holds', { prompt_tokens: 1e308, completion_tokens: 1e308 }],
    ['more than a column holds', { prompt_tokens: 3_000_000_000, completion_tokens: 1 }],
    ['less than nothing', { prompt_tokens: -5, completion_tokens: 1 }],
    ['nothing at all', { prompt_tokens: 0, completion_tokens: 0 }],
    ['no number', { prompt_tokens: 'NaN', completion_tokens: null }],
  ])('is not believed when it is %s: it is estimated (C27, I8)', async (_what, usage) => {
    const { url } = await hostile(answering(whole({ content: 'Hello to you' }, { usage })));
    const { usage: counted } = await modelAt(url).model.complete(ask('Hello'), never);
    expect(counted.isEstimate).toBe(true);
    expect(counted.inputTokens).toBeGreaterThan(0);
    expect(counted.inputTokens).toBeLessThan(1000);
  });
});

describe('a server that leads on and on', () => {
  it('with a shorter limit each time is left after a few goes (A27)', async () => {
    const { url, count } = await hostile((request, response) => {
      void request;
      const message = `max_tokens is too large: this model supports at most ${9000 - count.asked} completion tokens`;
      response.writeHead(400, { 'content-type': 'application/json' }).end(JSON.stringify({ error: { message } }));
    });
    await failureOf(modelAt(url).model.complete({ ...ask('Hello'), maxAnswerTokens: 9000 }, never));
    expect(count.asked).toBeLessThan(30);
  });
});

describe('a login in the address', () => {
  it('is not repeated when the server repeats it (C15)', async () => {
    const { url } = await hostile((request, response) => {
      const sent = String(request.headers.authorization ?? '');
      const plain = Buffer.from(sent.replace('Basic ', ''), 'base64').toString();
      response
        .writeHead(400, { 'content-type': 'application/json' })
        .end(JSON.stringify({ error: { message: `I do not like ${sent} nor ${plain}` } }));
    });
    const withLogin = url.replace('http://', 'http://me:correct-horse@');
    const failure = await failureOf(modelAt(withLogin, { apiKey: null }).model.complete(ask('Hello'), never));
    expect(`${failure.message} ${failure.fix}`).not.toContain('correct-horse');
  });
});
