import { describe, expect, it } from 'vitest';
import { whatIfCraft } from '#agents/thinking/what-if.ts';
import { FactoryError } from '#src/errors.ts';
import type { ModelAnswer, ModelMessage, ModelRequest } from '#src/ports/model.ts';
import { replayThought } from '#src/reflection/what-if/replay-thought.ts';
import type { Replayed } from '#src/reflection/what-if/replay-thought.ts';
import type { Turn } from '#src/reflection/what-if/recorded-thoughts.ts';
import { answerOf } from '#test/model-calls/fake-model.ts';

const shape = {
  name: 'plan',
  schema: {
    type: 'object',
    properties: { files: { type: 'array', items: { type: 'string' } } },
    required: ['files'],
    additionalProperties: false,
  },
};

const says = (...files: string[]): ModelAnswer => answerOf(JSON.stringify({ files }));
const asks = (...paths: string[]): ModelAnswer =>
  answerOf(null as unknown as string, {
    text: null,
    finish: 'tool-calls',
    toolCalls: paths.map((path, index) => ({
      id: `${path}${index}`,
      name: 'read_file',
      arguments: JSON.stringify({ path }),
    })),
  });

/** A recorded thought: each answer with what its tools gave. */
function recorded(
  answers: readonly ModelAnswer[],
  resultOf = (path: string, turn: number) => `${path} in ${turn}`,
): Turn[] {
  let messages: ModelMessage[] = [
    { role: 'system', text: 'You plan.' },
    { role: 'user', text: 'Plan it.' },
  ];
  return answers.map((answer, turn) => {
    const request: ModelRequest = { messages, tools: [], answer: shape, maxAnswerTokens: 100 };
    messages = [
      ...messages,
      { role: 'assistant', text: answer.text, toolCalls: answer.toolCalls },
      ...(answer.toolCalls.length === 0
        ? [{ role: 'user' as const, text: 'Your answer cannot be used.' }]
        : answer.toolCalls.map(({ id, arguments: args }): ModelMessage => {
            const { path } = JSON.parse(args) as { path: string };
            return { role: 'tool', callId: id, text: resultOf(path, turn) };
          })),
    ];
    return { request, answer, model: 'small', costMicroUsd: 7 };
  });
}

/** Goes through it again with one word in the system message changed. */
async function replay(
  turns: Turn[],
  answers: readonly ModelAnswer[],
  more: { word?: string; model?: string } = {},
): Promise<{ result: Replayed; requests: ModelRequest[]; models: string[] }> {
  const requests: ModelRequest[] = [];
  const models: string[] = [];
  const system = (message: ModelMessage): ModelMessage =>
    message.role === 'system' ? { ...message, text: more.word ?? 'You plan well.' } : message;
  const result = await replayThought(
    { turns },
    {
      request: (request) => ({ ...request, messages: request.messages.map(system) }),
      model: (turn) => more.model ?? turn.model,
    },
    {
      craft: whatIfCraft,
      open: (name) => {
        models.push(name);
        return {
          windowTokens: 10_000,
          ask: async (request) => {
            const answer = answers[requests.length];
            requests.push(request);
            if (answer === undefined) throw new Error('the script is over');
            return { answer, costMicroUsd: 11 };
          },
        };
      },
    },
  );
  return { result, requests, models };
}

describe('a thought that is thought through again', () => {
  it('asks nothing where no question is other', async () => {
    const { result, requests } = await replay(recorded([asks('a'), says('a')]), [], { word: 'You plan.' });
    expect(requests).toEqual([]);
    expect(result).toMatchObject({ outcome: 'same', leftAt: null, differences: [] });
    expect(result.now).toEqual(result.then);
  });

  it('goes the way of the run for as long as the answers do, with what was said meanwhile', async () => {
    const turns = recorded([asks('a'), says('bad'), says('a')]);
    const { result, requests } = await replay(turns, [asks('a'), says('bad'), says('a')]);
    expect(result).toMatchObject({ outcome: 'same', leftAt: null, then: { answers: 3, costMicroUsd: 21 } });
    expect(result.now).toEqual({ answers: 3, tokens: 330, costMicroUsd: 33 });
    expect(requests.map(({ messages }) => messages.slice(1))).toEqual(
      turns.map(({ request: { messages } }) => messages.slice(1)),
    );
    expect(requests.every(({ messages }) => messages[0]?.text === 'You plan well.')).toBe(true);
  });

  it('asks the other model, also where the question is the same', async () => {
    const turns = recorded([says('a')]);
    expect(await replay(turns, [says('b')], { word: 'You plan.', model: 'big' })).toMatchObject({
      models: ['big'],
      result: { outcome: 'differs', leftAt: 1, differences: [{ field: 'files', gone: ['a'], came: ['b'] }] },
    });
    expect(await replay(turns, [], { word: 'You plan.', model: 'small' })).toMatchObject({ models: [] });
  });

  it('gives what a tool gave in the run, and runs none that the run did not ask for', async () => {
    const { result, requests } = await replay(recorded([asks('a', 'b'), says('a')]), [asks('b', 'c'), says('b')]);
    expect(requests[1]?.messages.slice(-3)).toEqual([
      { role: 'assistant', text: null, toolCalls: asks('b', 'c').toolCalls },
      { role: 'tool', callId: 'b0', text: 'b in 0' },
      { role: 'tool', callId: 'c1', text: expect.stringMatching(/^Not run: /) },
    ]);
    expect(result).toMatchObject({
      outcome: 'differs',
      leftAt: 1,
      notRun: [{ name: 'read_file', arguments: '{"path":"c"}' }],
      differences: [
        { field: 'files', gone: ['a'], came: ['b'] },
        { field: 'tools', gone: ['read_file a'], came: ['read_file c'] },
      ],
    });
  });

  it('gives results in the order of the run, and the last one from then on', async () => {
    const turns = recorded([asks('a'), asks('b'), asks('a'), says('a')]);
    const { requests } = await replay(turns, [asks('a'), asks('a'), asks('a'), says('a')]);
    const lastResult = ({ messages }: ModelRequest | { messages: never[] } = { messages: [] }) => messages.at(-1)?.text;
    expect(lastResult(requests[1])).toBe('a in 0');
    expect([lastResult(requests[2]), lastResult(requests[3])]).toEqual(['a in 2', 'a in 2']);
  });

  it('ends after three tools that were not run', async () => {
    const { result, requests } = await replay(recorded([says('a')]), [asks('x', 'y', 'z')]);
    expect(requests).toHaveLength(1);
    expect(result).toMatchObject({ outcome: 'not-compared', leftAt: 1 });
    expect(result.why).toBe('It asked for 3 things that the run never asked for.');
  });

  it('ends a model that comes to no end', async () => {
    const round = Array.from({ length: 20 }, () => asks('a'));
    const { result, requests } = await replay(recorded([asks('a'), says('a')]), round);
    expect(requests).toHaveLength(7);
    expect(result).toMatchObject({ outcome: 'not-compared', why: 'It came to no end within 7 answers.' });
  });

  it.each<[string, readonly ModelAnswer[], ModelAnswer, Partial<Replayed>]>([
    [
      'no JSON',
      [says('a')],
      answerOf('Sure.'),
      { outcome: 'not-compared', why: expect.stringContaining('no JSON object') },
    ],
    [
      'another shape',
      [says('a')],
      answerOf('{"file":"a"}'),
      { outcome: 'not-compared', why: expect.stringContaining('files') },
    ],
    [
      'half',
      [says('a')],
      answerOf('{"fi', { finish: 'length' }),
      { outcome: 'not-compared', why: 'Its answer was cut off.' },
    ],
    [
      'a refusal',
      [says('a')],
      answerOf('No.', { finish: 'refused' }),
      { outcome: 'differs', why: 'The model declines.' },
    ],
    ['more than the run', [asks('a')], says('b'), { outcome: 'not-compared', why: 'The run came to no answer here.' }],
    ['the same in a fence', [says('a')], answerOf('```json\n{"files":["a"]}\n```'), { outcome: 'same', leftAt: 1 }],
  ])('tells of an answer that is %s', async (_what, then, now, expected) => {
    const { result } = await replay(recorded(then), [now]);
    expect(result).toMatchObject(expected);
  });

  it('says so where the change does not fit into the window, and passes on all other faults', async () => {
    const { result } = await replay(recorded([says('a')]), [], { word: 'long '.repeat(20_000) });
    expect(result).toMatchObject({ outcome: 'not-compared', why: expect.stringContaining('window') });
    const turns = recorded([says('a')]);
    const busy = new FactoryError('model-busy', 'Busy.', { fix: 'Wait.' });
    const change = { request: ({ ...request }: ModelRequest) => request, model: () => 'big' };
    const open = () => ({ windowTokens: 10_000, ask: () => Promise.reject(busy) });
    await expect(replayThought({ turns }, change, { open, craft: whatIfCraft })).rejects.toBe(busy);
  });
});
