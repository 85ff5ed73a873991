import { describe, expect, it } from 'vitest';
import type { ModelRequest } from '#src/ports/model.ts';
import { ask, failureOf, readTool } from '#test/contracts/model.ts';
import { bareServer, never, scripted } from './support.ts';

const withTools: Partial<ModelRequest> = { tools: [readTool] };
const chunk = (delta: object, finish: string | null = null) => ({
  choices: [{ index: 0, delta, finish_reason: finish }],
});

/** What becomes of a stream of these events. */
async function streamed(events: readonly unknown[], more: Partial<ModelRequest> = withTools) {
  const { server, model } = await bareServer();
  server.fail({ kind: 'events', events });
  return model.complete(ask('Hello', more), never);
}

async function whole(body: unknown, more: Partial<ModelRequest> = withTools) {
  const { server, model } = await bareServer();
  server.fail({ kind: 'whole', body });
  return model.complete(ask('Hello', more), never);
}

describe('answers as servers really send them', () => {
  it('puts tool calls together from their parts', async () => {
    const call = (part: object) => chunk({ tool_calls: [part] });
    const { toolCalls, finish } = await streamed([
      call({ index: 0, id: 'a', type: 'function', function: { name: 'read_file', arguments: '' } }),
      call({ index: 1, id: 'b', function: { name: 'read_file', arguments: '{"pa' } }),
      call({ index: 0, function: { arguments: '{"path":"x"}' } }),
      call({ index: 1, function: { arguments: 'th":"y"}' } }),
      chunk({}, 'tool_calls'),
    ]);
    expect(finish).toBe('tool-calls');
    expect(toolCalls).toEqual([
      { id: 'a', name: 'read_file', arguments: '{"path":"x"}' },
      { id: 'b', name: 'read_file', arguments: '{"path":"y"}' },
    ]);
  });

  it('tells calls apart that a gateway sends under one index, or under none', async () => {
    const made = { name: 'read_file', arguments: '{}' };
    const one = await streamed([
      chunk({ tool_calls: [{ index: 0, id: 'a', function: made }] }),
      chunk({ tool_calls: [{ index: 0, id: 'b', function: made }] }, 'tool_calls'),
    ]);
    expect(one.toolCalls.map(({ id }) => id)).toEqual(['a', 'b']);
    const none = await streamed([chunk({ tool_calls: [{ function: made }, { function: made }] }, 'tool_calls')]);
    expect(none.toolCalls).toHaveLength(2);
  });

  it('takes tool calls for tool calls, whatever reason is given for the end', async () => {
    const delta = { tool_calls: [{ index: 0, id: 'a', function: { name: 'read_file', arguments: '{}' } }] };
    expect(await streamed([chunk(delta), chunk({}, 'stop')])).toMatchObject({ finish: 'tool-calls' });
  });

  it('makes ids unique in the whole talk, and makes up those that are missing, always the same (F25)', async () => {
    const made = { name: 'read_file', arguments: '{}' };
    const ids = ['a', 'dup', 'dup', null].map((id, index) => ({ index, id, function: made }));
    const messages: ModelRequest['messages'] = [
      { role: 'user', text: 'Hello' },
      { role: 'assistant', text: null, toolCalls: [{ id: 'a', ...made }] },
      { role: 'tool', callId: 'a', text: 'x' },
    ];
    const { toolCalls } = await streamed([chunk({ tool_calls: ids }, 'tool_calls')], { ...withTools, messages });
    expect(toolCalls.map(({ id }) => id)).toEqual(['call00002', 'dup', 'call00003', 'call00004']);
  });

  it('keeps a name that nobody offered, and arguments that are no JSON: the host answers those (F25)', async () => {
    const call = { index: 0, id: 'a', function: { name: 'delete_everything', arguments: '{"path": ' } };
    const { toolCalls } = await streamed([chunk({ tool_calls: [call] }, 'tool_calls')]);
    expect(toolCalls).toEqual([{ id: 'a', name: 'delete_everything', arguments: '{"path": ' }]);
  });

  it('reads arguments that come as an object, and none at all', async () => {
    const calls = [
      { index: 0, id: 'a', function: { name: 'read_file', arguments: { path: 'x' } } },
      { index: 1, id: 'b', function: { name: 'read_file' } },
    ];
    const { toolCalls } = await streamed([chunk({ tool_calls: calls }, 'tool_calls')]);
    expect(toolCalls.map((call) => call.arguments)).toEqual(['{"path":"x"}', '{}']);
  });

  it('takes out the nulls that only stand for what is optional', async () => {
    const call = { index: 0, id: 'a', function: { name: 'read_file', arguments: '{"path":"x","maxLines":null}' } };
    const { toolCalls } = await streamed([chunk({ tool_calls: [call] }, 'tool_calls')]);
    expect(toolCalls[0]?.arguments).toBe('{"path":"x"}');
  });

  it.each([
    [
      'in a field of their own',
      [chunk({ reasoning_content: 'Hm.' }), chunk({ reasoning: 'Hm.', content: 'Four.' }, 'stop')],
    ],
    ['in the text', [chunk({ content: '<think>Hm, 2 + 2' }), chunk({ content: '…</think>\n\nFour.' }, 'stop')]],
    [
      'in parts',
      [
        chunk(
          {
            content: [
              { type: 'thinking', thinking: [] },
              { type: 'text', text: 'Four.' },
            ],
          },
          'stop',
        ),
      ],
    ],
  ])('drops thoughts that come %s', async (_, events) => {
    expect((await streamed(events)).text).toBe('Four.');
  });

  it('leaves text about such tags alone', async () => {
    const text = 'Write <think>x</think> first.';
    expect((await streamed([chunk({ content: text }, 'stop')])).text).toBe(text);
  });

  it('thoughts that use up the limit are cut off, not empty', async () => {
    expect(await streamed([chunk({ content: '<think>Hm, so' }, 'length')])).toMatchObject({
      text: null,
      finish: 'length',
    });
  });

  it('an empty answer is asked for once more, then it is a fault that may have cost something (F25)', async () => {
    const { server, model } = await scripted([{ text: '' }, { text: 'Four.' }, { text: '' }, { text: '  ' }]);
    expect((await model.complete(ask('2 + 2?'), never)).text).toBe('Four.');
    expect(await failureOf(model.complete(ask('2 + 2?'), never))).toMatchObject({
      code: 'model-unreachable',
      maySpend: true,
    });
    expect(server.requests).toHaveLength(4);
  });

  it('counts what the endpoint counted, also what it had in its cache', async () => {
    const usage = { prompt_tokens: 900, completion_tokens: 7, prompt_tokens_details: { cached_tokens: 640 } };
    const answer = await streamed([chunk({ content: 'Four.' }, 'stop'), { choices: [], usage }]);
    expect(answer.usage).toEqual({ inputTokens: 900, cachedTokens: 640, outputTokens: 7, isEstimate: false });
  });

  it('estimates what the endpoint does not count, and says so', async () => {
    const { usage } = await streamed([chunk({ content: 'x'.repeat(35) }, 'stop')], {});
    expect(usage).toMatchObject({ outputTokens: 10, cachedTokens: 0, isEstimate: true });
    expect(usage.inputTokens).toBeGreaterThan(10);
  });

  it('takes a whole answer where it asked for a stream', async () => {
    const answer = await whole({
      choices: [{ message: { role: 'assistant', content: 'Four.' }, finish_reason: 'stop' }],
    });
    expect(answer).toMatchObject({ text: 'Four.', finish: 'stop' });
  });

  it('finds the JSON that was asked for in what the model wrote around it', async () => {
    const schema = { type: 'object', properties: { good: { type: 'boolean' } }, required: ['good'] };
    const content = 'Here you are:\n```json\n{"good": true}\n```\nAnything else?';
    const answer = await streamed([chunk({ content }, 'stop')], { answer: { name: 'v', schema } });
    expect(answer.text).toBe('{"good": true}');
  });

  it('carries a shape whose root is no object, there and back', async () => {
    const variant = (type: string) => ({
      type: 'object',
      properties: { type: { const: type }, n: { type: 'number' } },
      required: ['type'],
    });
    const schema = { anyOf: [variant('a'), variant('b')] };
    const { server, model } = await scripted([{ text: '{"the_answer":{"type":"b","n":null}}' }]);
    const { text } = await model.complete(ask('Which?', { answer: { name: 'v', schema } }), never);
    expect(text).toBe('{"type":"b"}');
    expect(server.requests[0]?.refused).toBeNull();
    expect(server.requests[0]?.body.response_format).toMatchObject({
      type: 'json_schema',
      json_schema: { strict: true },
    });
  });
});
