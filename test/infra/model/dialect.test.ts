import { describe, expect, it } from 'vitest';
import { firstDialect } from '#infra/model/dialect.ts';
import type { ModelRequest } from '#src/ports/model.ts';
import { ask, failureOf, readTool } from '#test/contracts/model.ts';
import type { ChatRequest } from '#test/support/model-request-rules.ts';
import { never, scripted } from './support.ts';

const refusal = (message: string, status = 400) => ({
  status,
  body: { error: { message, type: 'invalid_request_error' } },
});
const answer = {
  name: 'verdict',
  schema: { type: 'object', properties: { good: { type: 'boolean' } }, required: ['good'] },
} as const;
const shaped: Partial<ModelRequest> = { answer };
const good = '{"good":true}';
const systemOf = (body: ChatRequest | undefined) => String(body?.messages[0]?.content);

describe('what a server lacks is found out and done in another way', () => {
  it('says nothing of a server that lacks nothing', async () => {
    const { server, model } = await scripted([{ text: good }]);
    await model.complete(ask('Good?', { ...shaped, tools: [readTool] }), never);
    expect(model.shortcomings()).toEqual([]);
    expect(server.requests[0]?.body).toMatchObject({
      stream: true,
      stream_options: { include_usage: true },
      response_format: { type: 'json_schema' },
      tools: [{ function: { strict: true } }],
    });
    expect(server.requests[0]?.body).not.toHaveProperty('temperature');
  });

  it('goes from schema to JSON to words, and keeps to it', async () => {
    const { server, model } = await scripted([{ text: good }, { text: good }], ({ response_format: asked }) =>
      asked === undefined ? null : refusal(`response_format ${asked.type} is not supported`),
    );
    expect((await model.complete(ask('Good?', shaped), never)).text).toBe(good);
    expect(server.requests.map(({ body }) => body.response_format?.type)).toEqual([
      'json_schema',
      'json_object',
      undefined,
    ]);
    expect(systemOf(server.requests[2]?.body)).toContain(JSON.stringify(answer.schema));
    await model.complete(ask('Good?', shaped), never);
    expect(server.requests).toHaveLength(4);
    expect(model.shortcomings()).toEqual([
      'This server has no structured answers; the answer is asked for as JSON in words and repaired if need be.',
    ]);
  });

  it('notices a server that ignores the schema without a word', async () => {
    const { server, model } = await scripted([{ text: 'It is good.' }, { text: good }]);
    expect((await model.complete(ask('Good?', shaped), never)).text).toBe('It is good.');
    expect((await model.complete(ask('Good?', shaped), never)).text).toBe(good);
    expect(server.requests[1]?.body.response_format).toBeUndefined();
    expect(model.shortcomings()).toHaveLength(1);
  });

  it.each([
    ['Ollama', 400, { error: 'registry/test-model does not support tools' }],
    ['llama.cpp', 500, { error: { code: 500, message: 'tools param requires --jinja flag', type: 'server_error' } }],
    [
      'vLLM',
      400,
      { object: 'error', message: '"auto" tool choice requires --enable-auto-tool-choice to be set', code: 400 },
    ],
    ['OpenRouter', 404, { error: { message: 'No endpoints found that support tool use.', code: 404 } }],
    ['FastAPI', 422, { detail: [{ loc: ['body', 'tools'], msg: 'extra fields not permitted' }] }],
    ['nobody knows', 400, { error: { message: 'Bad request' } }],
  ])('describes tools in words when there are none, as %s says it', async (_, status, body) => {
    const { server, model } = await scripted(
      [{ text: 'I look:\n{"tool": "read_file", "arguments": {"path": "x"}}' }, { text: 'Done.' }],
      ({ tools }) => (tools === undefined ? null : { status, body }),
    );
    const request = ask('Look', { tools: [readTool] });
    const first = await model.complete(request, never);
    expect(first).toMatchObject({
      text: null,
      finish: 'tool-calls',
      toolCalls: [{ id: 'call00001', name: 'read_file', arguments: '{"path":"x"}' }],
    });
    const second = await model.complete(
      {
        ...request,
        messages: [
          ...request.messages,
          { role: 'assistant', text: null, toolCalls: first.toolCalls },
          { role: 'tool', callId: 'call00001', text: 'content of x' },
          { role: 'user', text: 'Go on.' },
        ],
      },
      never,
    );
    expect(second).toMatchObject({ text: 'Done.', finish: 'stop' });
    const sent = server.requests.at(-1)?.body;
    expect(sent?.messages.slice(1)).toEqual([
      { role: 'user', content: 'Look' },
      { role: 'assistant', content: '{"tool":"read_file","arguments":{"path":"x"}}' },
      { role: 'user', content: 'Result of the tool read_file:\ncontent of x\n\nGo on.' },
    ]);
    expect(systemOf(sent)).toContain('- read_file: Reads a file.');
    expect(model.shortcomings()).toContain(
      'This server has no tool calls; the tools are described in words and the model answers with JSON.',
    );
  });

  it.each([
    [
      'tools with a format',
      (body: ChatRequest) => body.tools !== undefined && body.response_format !== undefined,
      'Function calling with a response format json is unsupported',
    ],
    [
      'strict',
      (body: ChatRequest) => body.tools?.some((tool) => 'strict' in tool.function) === true,
      'Unrecognized field: strict',
    ],
    ['stream_options', (body: ChatRequest) => body.stream_options !== undefined, 'Unknown parameter: stream_options'],
    ['stream', (body: ChatRequest) => body.stream === true, 'Streaming is not supported'],
    [
      'max_tokens',
      (body: ChatRequest) => body.max_tokens !== undefined,
      "'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead.",
    ],
  ])('does without %s', async (_, lacks, message) => {
    const { server, model } = await scripted(
      () => ({ text: good }),
      (body) => (lacks(body) ? refusal(message) : null),
    );
    const request = ask('Good?', { ...shaped, tools: [readTool] });
    expect((await model.complete(request, never)).text).toBe(good);
    const goes = server.requests.length;
    expect(goes).toBeLessThanOrEqual(3);
    await model.complete(request, never);
    expect(server.requests).toHaveLength(goes + 1);
    expect(server.requests.every(({ refused }) => refused === null)).toBe(true);
    const last = server.requests.at(-1)?.body;
    if (last?.response_format === undefined) expect(systemOf(last)).toContain('JSON Schema');
  });

  it('tries without one thing after the other when the server does not say what it minds', async () => {
    const { model } = await scripted([{ text: good }], (body) =>
      body.response_format !== undefined || body.stream_options !== undefined ? refusal('Invalid request') : null,
    );
    expect((await model.complete(ask('Good?', shaped), never)).text).toBe(good);
    expect(model.shortcomings()).toHaveLength(2);
  });

  it('remembers nothing when nothing helps, and gives the words of the server', async () => {
    const { server, model } = await scripted([], () => refusal('We are moving house'));
    const failure = await failureOf(model.complete(ask('Good?', { ...shaped, tools: [readTool] }), never));
    expect(failure).toMatchObject({
      code: 'model-request-refused',
      message: expect.stringContaining('"We are moving house"'),
    });
    expect(model.shortcomings()).toEqual([]);
    expect(server.requests.length).toBeLessThanOrEqual(11);
  });

  it('does not give up tools that worked before because one request is refused', async () => {
    let bad = false;
    const { model } = await scripted(
      () => ({ toolCalls: [{ name: 'read_file', arguments: { path: 'x' } }] }),
      (body) => (bad && body.tools !== undefined ? refusal('Invalid value for tool message') : null),
    );
    await model.complete(ask('Look', { tools: [readTool] }), never);
    bad = true;
    const failure = await failureOf(model.complete(ask('Look', { tools: [readTool] }), never));
    expect(failure.code).toBe('model-request-refused');
    expect(model.shortcomings()).toEqual([]);
  });

  it('does not stream where streams end in the middle again and again', async () => {
    const { server, model } = await scripted(() => ({ text: 'a long enough answer' }));
    server.fail({ kind: 'end-early', chunks: 2 }, 2);
    expect((await model.complete(ask('Hello'), never)).text).toBe('a long enough answer');
    expect(server.requests.map(({ body }) => body.stream ?? false)).toEqual([true, true, false]);
    expect(model.shortcomings()).toEqual(['This server does not stream; an answer is waited for as a whole.']);
  });

  it('what two calls at once find out adds up', async () => {
    const { model } = await scripted(
      () => ({ text: good }),
      (body) => {
        if (body.tools !== undefined) return refusal('tools are not supported');
        return body.response_format === undefined ? null : refusal('response_format is not supported');
      },
    );
    await Promise.all([
      model.complete(ask('Look', { tools: [readTool] }), never),
      model.complete(ask('Good?', shaped), never),
    ]);
    expect(model.shortcomings()).toHaveLength(2);
  });

  it.each([
    ['OpenAI', 'max_tokens is too large: 500. This model supports at most 300 completion tokens'],
    ['Anthropic', 'max_tokens: 500 > 300, which is the maximum allowed number of output tokens'],
    ['Groq', '`max_tokens` must be less than or equal to `300`, the maximum is less than the `context_window`'],
  ])('asks for no longer answers than the server gives, as %s says it', async (_, message) => {
    const { server, model } = await scripted(
      () => ({ text: 'Hello.' }),
      (body) => ((body.max_tokens ?? 0) > 300 ? refusal(message) : null),
    );
    for (const text of ['Hello', 'Again']) await model.complete(ask(text), never);
    expect(server.requests.map(({ body }) => body.max_tokens)).toEqual([500, 300, 300]);
    expect(model.shortcomings()).toEqual([expect.stringContaining('300 tokens')]);
  });

  it('begins with the name of the limit that the server is sure to heed', () => {
    expect(firstDialect('api.openai.com').limit).toBe('max_completion_tokens');
    expect(firstDialect('notopenai.com').limit).toBe('max_tokens');
    expect(firstDialect('127.0.0.1:11434').limit).toBe('max_tokens');
  });
});
