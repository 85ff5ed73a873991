import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { describe, expect, it } from 'vitest';
import { createOpenAiModel } from '#infra/model/openai-model.ts';
import { silentLog } from '#src/ports/log.ts';
import { judgeConnection } from '#infra/model/judge-connection.ts';
import { ask, failureOf } from '#test/contracts/model.ts';
import { bareServer, KEY, modelAt, never, scripted } from './support.ts';

const error = (message: string, code: string | number | null = null, type = 'invalid_request_error') => ({
  error: { message, type, code, param: null },
});

describe('what a server complains of', () => {
  it.each([
    [401, error(`Incorrect API key provided: ${KEY}.`, 'invalid_api_key'), 'model-key-refused'],
    [403, error('forbidden'), 'model-key-refused'],
    [403, error('Project `p` does not have access to model `test-model`', 'model_not_found'), 'model-unknown'],
    [404, error('The model `test-model` does not exist', 'model_not_found'), 'model-unknown'],
    [404, { error: 'model "test-model" not found, try pulling it first' }, 'model-unknown'],
    [404, { object: 'error', message: 'The model `test-model` does not exist.', code: 404 }, 'model-unknown'],
    [400, error('test-model is not a valid model ID', 400), 'model-unknown'],
    [404, { detail: 'Not Found' }, 'model-unreachable'],
    [402, error('Insufficient Balance'), 'model-quota'],
    [429, error('You exceeded your current quota, please check your plan.', 'insufficient_quota'), 'model-quota'],
    [418, error('I am a teapot'), 'model-request-refused'],
  ])('HTTP %i %j is told once, as %s', async (status, body, code) => {
    const { server, model } = await bareServer();
    server.fail({ kind: 'status', status, body });
    const failure = await failureOf(model.complete(ask('Hello'), never));
    expect(failure).toMatchObject({ code, maySpend: false, retryable: false });
    expect(server.requests).toHaveLength(1);
    expect(`${failure.message} ${failure.fix}`).not.toContain(KEY);
    expect(failure.message).toContain(new URL(server.url).host);
    expect(failure.message).toContain('test-model');
  });

  it.each([
    ['OpenAI', 400, error('too long', 'context_length_exceeded')],
    [
      'vLLM',
      400,
      {
        object: 'error',
        message: "This model's maximum context length is 4096 tokens. However, you requested 9000 tokens",
        code: 400,
      },
    ],
    [
      'vLLM, of the answer',
      400,
      error(
        "'max_tokens' is too large: 9000. This model's maximum context length is 4096 tokens and your request has 12 input tokens",
        400,
      ),
    ],
    [
      'llama.cpp',
      400,
      error(
        'the request exceeds the available context size (4096 tokens), try increasing it',
        400,
        'exceed_context_size_error',
      ),
    ],
    [
      'llama.cpp of old',
      500,
      error('the request exceeds the available context size. try increasing the context size', 500),
    ],
    ['Ollama', 400, { error: 'the input length exceeds the context length' }],
    ['Anthropic', 400, error('prompt is too long: 210000 tokens > 200000 maximum')],
    ['Gemini', 400, error('The input token count (40000) exceeds the maximum number of tokens allowed (32768).', 400)],
    ['Groq', 400, error('Please reduce the length of the messages or completion.')],
    ['a proxy', 413, 'Payload Too Large'],
    [
      'OpenAI, more than a minute allows',
      429,
      error('Request too large for test-model on tokens per min (TPM)', 'rate_limit_exceeded'),
    ],
  ])('a window that is too small, in the words of %s', async (_, status, body) => {
    const { server, model } = await bareServer();
    server.fail({ kind: 'status', status, body });
    expect(await failureOf(model.complete(ask('Hello'), never))).toMatchObject({ code: 'model-window-too-small' });
    expect(server.requests).toHaveLength(1);
  });

  it('shows the words of the server on one line, short and without any key', async () => {
    const { server, model } = await bareServer();
    const message = `Bad\n\u202efield; Authorization: Bearer ${KEY} and sk-proj-abcdefghij ${'x'.repeat(2000)}`;
    server.fail({ kind: 'status', status: 418, body: error(message) });
    const failure = await failureOf(model.complete(ask('Hello'), never));
    expect(failure.message).toContain('Bad field; Authorization: Bearer [key] and [key] xxx');
    expect(failure.message.length).toBeLessThan(500);
  });

  it('asks for a key where none is set', async () => {
    const { server } = await bareServer();
    const { model } = modelAt(server.url, { apiKey: null });
    server.fail({ kind: 'status', status: 401 });
    const failure = await failureOf(model.complete(ask('Hello'), never));
    expect(failure).toMatchObject({ code: 'model-key-refused', message: expect.stringContaining('none is set') });
    expect(server.requests[0]?.headers['authorization']).toBeUndefined();
  });

  it('sends the user and password of an address as a header, and never shows them', async () => {
    const { server } = await bareServer();
    const { model } = modelAt(server.url.replace('//', '//user:p%40ss@'), { apiKey: null });
    server.fail({ kind: 'status', status: 401 });
    const failure = await failureOf(model.complete(ask('Hello'), never));
    expect(server.requests[0]?.headers['authorization']).toBe(`Basic ${btoa('user:p@ss')}`);
    expect(`${failure.message} ${failure.fix}`).not.toMatch(/user:|p@ss|p%40ss/);
  });

  it('sends nothing on to another address', async () => {
    const elsewhere = await bareServer();
    const { server, model } = await bareServer();
    server.fail({ kind: 'status', status: 307, headers: { location: `${elsewhere.server.url}/chat/completions` } });
    const failure = await failureOf(model.complete(ask('Hello'), never));
    expect(failure).toMatchObject({ code: 'model-unreachable', message: expect.stringContaining('another place') });
    expect(elsewhere.server.requests).toEqual([]);
  });

  it.each([
    ['with status 200', { kind: 'html' }],
    [
      'with status 403',
      { kind: 'status', status: 403, body: '<html>no</html>', headers: { 'content-type': 'text/html' } },
    ],
  ] as const)('a web page in place of JSON %s asks for the right URL', async (_, fault) => {
    const { server, model } = await bareServer();
    server.fail(fault);
    const failure = await failureOf(model.complete(ask('Hello'), never));
    expect(failure).toMatchObject({ code: 'model-unreachable', fix: expect.stringContaining('/v1?') });
    expect(server.requests).toHaveLength(1);
  });

  it('an error inside of a stream counts as what it says (F25)', async () => {
    const { server, model } = await scripted([{ text: 'never to be seen' }]);
    server.fail({ kind: 'error-in-stream', chunks: 2, error: error('no more', 'insufficient_quota').error });
    expect(await failureOf(model.complete(ask('Hello'), never))).toMatchObject({ code: 'model-quota', maySpend: true });
  });

  it.each([
    ['a whole answer', { kind: 'whole', body: error('no more', 'insufficient_quota') }],
    ['a whole answer of Ollama', { kind: 'whole', body: { error: 'insufficient credits' } }],
    [
      'a stream of vLLM',
      { kind: 'events', events: [{ object: 'error', message: 'exceeded your current quota', code: 429 }] },
    ],
  ] as const)('an error in place of %s with status 200 counts as what it says', async (_, fault) => {
    const { server, model } = await bareServer();
    server.fail(fault);
    expect(await failureOf(model.complete(ask('Hello'), never))).toMatchObject({ code: 'model-quota', maySpend: true });
    expect(server.requests).toHaveLength(1);
  });

  it('does not repeat a key of any form that the server repeats', async () => {
    const { server } = await bareServer();
    const { model } = modelAt(server.url, { apiKey: 'quite.another.form' });
    server.fail({ kind: 'status', status: 418, body: error('no: quite.another.form') });
    expect((await failureOf(model.complete(ask('Hello'), never))).message).toContain('"no: [key]"');
  });

  it('once tokens may have been spent, a later refusal does not hide it', async () => {
    const { server, model } = await bareServer();
    server.fail({ kind: 'reset' });
    server.fail({ kind: 'status', status: 401 });
    const failure = await failureOf(model.complete(ask('Hello'), never));
    expect(failure).toMatchObject({ code: 'model-key-refused', maySpend: true });
  });

  it('a filter that turns the question down is an answer: refused', async () => {
    const { server, model } = await bareServer();
    server.fail({ kind: 'status', status: 400, body: error('The response was filtered', 'content_filter') });
    expect(await model.complete(ask('Hello'), never)).toMatchObject({ finish: 'refused', text: null, toolCalls: [] });
  });
});

describe('a line that is not there', () => {
  it('says that nothing answers, at once', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    const { port } = server.address() as AddressInfo;
    await new Promise((resolve) => server.close(resolve));
    const { model, waits } = modelAt(`http://127.0.0.1:${port}/v1`);
    const failure = await failureOf(model.complete(ask('Hello'), never));
    expect(failure).toMatchObject({ code: 'model-unreachable', maySpend: false });
    expect(failure.message).toContain('nothing answers there');
    expect(waits).toEqual([]);
  });

  it('says that the host is not known', async () => {
    const { model } = modelAt('http://no-such-host.invalid/v1');
    const failure = await failureOf(model.complete(ask('Hello'), never));
    expect(failure).toMatchObject({ code: 'model-unreachable', maySpend: false });
    expect(failure.message).toContain('its host is not known');
  });

  it('says that a plain server does not speak TLS', async () => {
    const { server } = await bareServer();
    const { model } = modelAt(server.url.replace('http:', 'https:'));
    const failure = await failureOf(model.complete(ask('Hello'), never));
    expect(failure).toMatchObject({ code: 'model-unreachable', maySpend: false });
    expect(failure.message).toContain('encrypted connection');
  });

  it.each([
    ['CERT_HAS_EXPIRED', 'has expired', 'clock'],
    ['CERT_NOT_YET_VALID', 'not yet valid', 'clock'],
    ['DEPTH_ZERO_SELF_SIGNED_CERT', 'DEPTH_ZERO_SELF_SIGNED_CERT', 'NODE_EXTRA_CA_CERTS'],
  ])('tells what %s means and what to do', (code, why, fix) => {
    const cause = Object.assign(new Error('tls'), { code });
    const fault = judgeConnection(new TypeError('fetch failed', { cause }), { model: 'm', host: 'h', apiKey: null }, 5);
    expect(fault.failure.message).toContain(why);
    expect(fault.failure.fix).toContain(fix);
    expect(fault.failure.maySpend).toBe(false);
  });
});

describe('waiting before another go', () => {
  it('does not take a slow stream for a silent one', async () => {
    const text = 'word '.repeat(100);
    const { server } = await scripted([{ text }]);
    const { model } = modelAt(server.url, { timeoutSeconds: 3 });
    server.fail({ kind: 'slow', everyMs: 200 });
    expect((await model.complete(ask('Hello'), never)).text).toBe(text.trim());
    expect(server.requests).toHaveLength(1);
  });

  it.each([
    [{ kind: 'status', status: 429 }, 4],
    [{ kind: 'status', status: 502 }, 4],
    [{ kind: 'reset' }, 4],
    [{ kind: 'cut', chunks: 2 }, 4],
    [{ kind: 'end-early', chunks: 2 }, 4],
    [{ kind: 'truncated-json' }, 4],
    [{ kind: 'silence', chunks: 1 }, 2],
    [{ kind: 'events', events: [] }, 4],
    [{ kind: 'whole', body: { choices: [{ message: { content: '' }, finish_reason: 'stop' }] } }, 2],
    [{ kind: 'whole', body: { hello: 'world' } }, 2],
  ] as const)('after %j there are %i goes in all (F25)', async (fault, goes) => {
    const { server } = await scripted(() => ({ text: 'an answer that is long enough to be cut' }));
    const { model } = modelAt(server.url, { timeoutSeconds: fault.kind === 'silence' ? 0.3 : 60 });
    server.fail(fault, 10);
    await failureOf(model.complete(ask('Hello'), never));
    expect(server.requests).toHaveLength(goes);
  });

  it('waits as long as the server asks, but never more than a minute', async () => {
    const { server, model, waits } = await scripted([{ text: 'Hello.' }]);
    server.fail({ kind: 'status', status: 429, headers: { 'retry-after': '17' } });
    server.fail({ kind: 'status', status: 429, headers: { 'retry-after': '86400' } });
    expect((await model.complete(ask('Hello'), never)).text).toBe('Hello.');
    expect(waits).toEqual([17_000, 60_000]);
  });

  it('does not hammer when the server asks for no wait at all, and waits longer each time', async () => {
    const { server, model, waits } = await scripted([{ text: 'Hello.' }]);
    server.fail({ kind: 'status', status: 429, headers: { 'retry-after': '0' } }, 3);
    await model.complete(ask('Hello'), never);
    const [first = 0, second = 0, third = 0] = waits;
    expect(first).toBeGreaterThanOrEqual(250);
    expect(second).toBeGreaterThanOrEqual(first);
    expect(third).toBeGreaterThanOrEqual(second);
  });

  it('stops waiting as soon as the signal says so', async () => {
    const { server } = await bareServer();
    const model = createOpenAiModel({
      baseUrl: server.url,
      apiKey: null,
      model: 'test-model',
      windowTokens: 8000,
      timeoutSeconds: 5,
      log: silentLog,
    });
    const stop = new AbortController();
    const reason = new Error('stop');
    server.fail({ kind: 'status', status: 429, headers: { 'retry-after': '60' } }, 4);
    const answer = model.complete(ask('Hello'), stop.signal);
    answer.catch(() => undefined);
    await expect.poll(() => server.requests[0]?.status).toBe(429);
    stop.abort(reason);
    await expect(answer).rejects.toBe(reason);
    expect(server.requests).toHaveLength(1);
  });
});
