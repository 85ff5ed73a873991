import { describe, expect, it } from 'vitest';

import type { ChatRequest } from '#test/support/model-request-rules.ts';
import { bareServer, never, scripted } from './support.ts';

const callsEcho = { toolCalls: [{ name: 'echo', arguments: { word: 'ready' } }] };
const refusal = (message: string) => ({ status: 400, body: { error: { message } } });

/** A model that does what it is asked, as far as its server lets it know. */
function willing(body: ChatRequest) {
  if (body.tools !== undefined) return callsEcho;
  const system = String(body.messages[0]?.content);
  if (body.messages[0]?.role === 'system' && system.includes('"tool"')) {
    return { text: '{"tool":"echo","arguments":{"word":"ready"}}' };
  }
  return { text: body.response_format !== undefined || system.includes('JSON Schema') ? '{"word":"ready"}' : 'ready' };
}

describe('probe', () => {
  it('says that key, model, tools and structured answers work', async () => {
    const { server, model } = await scripted(willing);
    expect(await model.probe(never)).toEqual({
      ok: true,
      detail: `test-model at ${new URL(server.url).host} answers. Tools and structured answers work.`,
      shortcomings: [],
    });
    expect(server.requests).toHaveLength(3);
  });

  it('names what the server refuses and what is done instead', async () => {
    const { model } = await scripted(willing, ({ response_format: asked, tools }) => {
      if (tools !== undefined) return refusal('tools are not supported');
      return asked === undefined ? null : refusal('response_format is not supported');
    });
    const probe = await model.probe(never);
    expect(probe).toMatchObject({
      ok: true,
      shortcomings: [expect.stringContaining('no structured answers'), expect.stringContaining('no tool calls')],
    });
  });

  it('finds out a server that ignores tools and schema without a word', async () => {
    const { model } = await scripted((body) => {
      const { tools: _, response_format: __, ...rest } = body;
      return willing(rest as ChatRequest);
    });
    const probe = await model.probe(never);
    expect(probe).toMatchObject({
      ok: true,
      shortcomings: [expect.stringContaining('no structured answers'), expect.stringContaining('no tool calls')],
    });
  });

  it('says so when the model does not use tools in any way', async () => {
    const { model } = await scripted(() => ({ text: 'ready' }));
    const probe = await model.probe(never);
    expect(probe).toMatchObject({
      ok: true,
      shortcomings: expect.arrayContaining([expect.stringContaining('did not use a tool')]),
    });
    expect(model.shortcomings().join(' ')).not.toContain('no tool calls');
  });

  it('gives the reason and what to do when it cannot be asked', async () => {
    const { server, model } = await bareServer();
    server.fail({ kind: 'status', status: 401 });
    expect(await model.probe(never)).toEqual({
      ok: false,
      reason: expect.stringContaining('refuses the key'),
      fix: expect.stringContaining('OPENAI_API_KEY'),
    });
  });

  it('rejects with the reason of the signal', async () => {
    const { model } = await bareServer();
    const reason = new Error('stop');
    await expect(model.probe(AbortSignal.abort(reason))).rejects.toBe(reason);
  });
});
