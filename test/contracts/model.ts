import { afterEach, describe, expect, it } from 'vitest';
import { ModelFailure } from '#src/ports/model-failure.ts';
import type { Model, ModelRequest } from '#src/ports/model.ts';
import type { ModelProxy } from '#test/support/model-proxy.ts';
import { startScriptedModel } from '#test/support/scripted-model.ts';
import type { ScriptedAnswer } from '#test/support/scripted-model.ts';

export const ask = (text: string, more: Partial<ModelRequest> = {}): ModelRequest => ({
  messages: [
    { role: 'system', text: 'You are helpful.' },
    { role: 'user', text },
  ],
  tools: [],
  answer: null,
  maxAnswerTokens: 500,
  ...more,
});

export const readTool = {
  name: 'read_file',
  description: 'Reads a file.',
  parameters: {
    type: 'object',
    properties: { path: { type: 'string' }, maxLines: { type: 'integer', minimum: 1 } },
    required: ['path'],
  },
} as const;

const shape = {
  name: 'verdict',
  schema: { type: 'object', properties: { good: { type: 'boolean' } }, required: ['good'] },
} as const;

/** What every adapter of the model port must do, against a server that speaks chat completions. */
export function describeModelContract(name: string, makeModel: (server: { url: string }) => Model): void {
  describe(`${name} keeps the model contract`, () => {
    const open: ModelProxy[] = [];
    const never = new AbortController().signal;

    const start = async (script: readonly ScriptedAnswer[]) => {
      const server = await startScriptedModel(script);
      open.push(server);
      return { server, model: makeModel(server) };
    };

    afterEach(async () => {
      for (const server of open.splice(0)) await server.close();
    });

    it('gives back the text and what the endpoint counted', async () => {
      const { model } = await start([{ text: 'Four.', usage: { input: 20, output: 2 } }]);
      expect(await model.complete(ask('2 + 2?'), never)).toEqual({
        text: 'Four.',
        toolCalls: [],
        finish: 'stop',
        usage: { inputTokens: 20, cachedTokens: 0, outputTokens: 2, isEstimate: false },
      });
    });

    it('gives back several tool calls as the model wrote them, also with text beside them', async () => {
      const { model } = await start([
        {
          text: 'Let me look.',
          toolCalls: [
            { id: 'a', name: 'read_file', arguments: { path: 'a.ts' } },
            { id: 'b', name: 'read_file', arguments: '{"path": "b.ts", "max' },
          ],
        },
      ]);
      const answer = await model.complete(ask('Look', { tools: [readTool] }), never);
      expect(answer).toMatchObject({
        text: 'Let me look.',
        finish: 'tool-calls',
        toolCalls: [
          { id: 'a', name: 'read_file', arguments: '{"path":"a.ts"}' },
          { id: 'b', name: 'read_file', arguments: '{"path": "b.ts", "max' },
        ],
      });
    });

    it('carries a whole talk with tools in an order that the endpoint takes', async () => {
      const { server, model } = await start([
        { toolCalls: [{ id: 'a', name: 'read_file', arguments: { path: 'x' } }] },
        { text: 'Done.' },
      ]);
      const first = await model.complete(ask('Look', { tools: [readTool] }), never);
      const request = ask('Look', { tools: [readTool] });
      const answer = await model.complete(
        {
          ...request,
          messages: [
            ...request.messages,
            { role: 'assistant', text: first.text, toolCalls: first.toolCalls },
            { role: 'tool', callId: 'a', text: 'content of x' },
          ],
        },
        never,
      );
      expect(answer.text).toBe('Done.');
      expect(server.requests.map(({ refused }) => refused)).toEqual([null, null]);
      expect(server.requests[1]?.body.messages.slice(2)).toMatchObject([
        { role: 'assistant', tool_calls: [{ id: 'a', function: { name: 'read_file', arguments: '{"path":"x"}' } }] },
        { role: 'tool', tool_call_id: 'a', content: 'content of x' },
      ]);
    });

    it('asks for the shape that an answer must have', async () => {
      const { server, model } = await start([{ text: '{"good":true}' }]);
      expect((await model.complete(ask('Good?', { answer: shape }), never)).text).toBe('{"good":true}');
      expect(server.requests[0]?.refused).toBeNull();
    });

    it('says that the limit cut the answer off, and makes no call that may be half of one (F25)', async () => {
      const { model } = await start([
        { text: 'Four and', finish: 'length' },
        { toolCalls: [{ id: 'a', name: 'read_file', arguments: '{"path": "a' }], finish: 'length' },
      ]);
      expect(await model.complete(ask('2 + 2?'), never)).toMatchObject({ text: 'Four and', finish: 'length' });
      const cut = await model.complete(ask('Look', { tools: [readTool] }), never);
      expect(cut).toMatchObject({ finish: 'length', toolCalls: [] });
    });

    it('says that a filter kept the answer back', async () => {
      const { model } = await start([{ text: 'I mu', finish: 'content_filter' }]);
      expect(await model.complete(ask('Bad'), never)).toMatchObject({ text: null, finish: 'refused' });
    });

    it('says in the words of the model that it declined', async () => {
      const { server, model } = await start([]);
      server.fail({ kind: 'refusal', text: 'I will not do that.' });
      expect(await model.complete(ask('Bad'), never)).toMatchObject({ text: 'I will not do that.', finish: 'refused' });
    });

    it.each([
      ['429', { kind: 'status', status: 429, headers: { 'retry-after': '1' } }],
      ['500', { kind: 'status', status: 500 }],
      ['a reset', { kind: 'reset' }],
      ['a cut stream', { kind: 'cut', chunks: 2 }],
      ['a stream that ends early', { kind: 'end-early', chunks: 2 }],
      ['silence', { kind: 'silence', chunks: 1 }],
      ['truncated JSON in a 200', { kind: 'truncated-json' }],
      ['an error inside of a 200', { kind: 'error-in-stream', chunks: 1, error: { message: 'overloaded', code: 503 } }],
    ] as const)('asks again after %s and returns nothing of the first go (F25)', async (_, fault) => {
      const { server, model } = await start([{ text: 'first go' }, { text: 'second go' }]);
      server.fail(fault);
      const { text } = await model.complete(ask('Hello'), never);
      expect(server.requests).toHaveLength(2);
      expect(text).toBe(fault.kind === 'status' || fault.kind === 'reset' ? 'first go' : 'second go');
    });

    it.each([
      ['429', { kind: 'status', status: 429 }, 'model-busy', false],
      ['500', { kind: 'status', status: 500 }, 'model-unreachable', true],
      ['a reset', { kind: 'reset' }, 'model-unreachable', true],
      ['cut streams', { kind: 'cut', chunks: 1 }, 'model-unreachable', true],
      ['silence', { kind: 'silence', chunks: 1 }, 'model-unreachable', true],
      ['truncated JSON', { kind: 'truncated-json' }, 'model-unreachable', true],
    ] as const)('gives up after a few goes at %s (F25)', async (_, fault, code, maySpend) => {
      const { server, model } = await start(Array.from({ length: 20 }, () => ({ text: 'a long enough answer' })));
      server.fail(fault, 20);
      const failure = await failureOf(model.complete(ask('Hello'), never));
      expect(failure).toMatchObject({ code, maySpend, retryable: true });
      expect(server.requests.length).toBeGreaterThan(1);
      expect(server.requests.length).toBeLessThanOrEqual(4);
    });

    it.each([
      ['before it asks', 'before'],
      ['while it waits for the first word', 'silent'],
      ['in the middle of the stream', 'streaming'],
    ] as const)('rejects with the reason of the signal %s, and hangs up', async (_, when) => {
      const { server, model } = await start([{ text: 'a long enough answer' }]);
      const stop = new AbortController();
      const reason = new Error('a person said stop');
      server.fail({ kind: 'silence', chunks: when === 'streaming' ? 2 : 0 });
      if (when === 'before') stop.abort(reason);
      const answer = model.complete(ask('Hello'), stop.signal);
      answer.catch(() => undefined);
      if (when !== 'before') {
        await expect.poll(() => server.requests[0]?.status).toBe(200);
        stop.abort(reason);
      }
      await expect(answer).rejects.toBe(reason);
      if (when === 'before') expect(server.requests).toEqual([]);
      else await expect.poll(() => server.requests[0]?.isAborted).toBe(true);
    });
  });
}

/** The failure that a call ends with. */
export async function failureOf(call: Promise<unknown>): Promise<ModelFailure> {
  const outcome = await call.then(
    (answer) => answer,
    (error: unknown) => error,
  );
  if (outcome instanceof ModelFailure) return outcome;
  throw new Error(`expected a ModelFailure, got ${String(outcome)}`, { cause: outcome });
}
