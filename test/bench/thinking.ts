import * as z from 'zod';
import { mason } from '#agents/mason/persona.ts';
import { think } from '#agents/thinking/think.ts';
import { defineTool } from '#agents/thinking/tool.ts';
import type { ModelCalls } from '#src/model-calls/model-calls.ts';
import type { ModelAnswer, ModelMessage, ModelRequest } from '#src/ports/model.ts';
import { systemClock } from '#src/ports/clock.ts';
import { wrapOutsideText } from '#src/safety/wrap-outside-text.ts';
import type { Measure, Table } from './table.ts';
import { median, show, timeMs } from './table.ts';

const TOOL_CALLS = 50;
const ROUNDS = 60;
const WARM_UP = 15;
const RESULT = 'export const value = 1;\n'.repeat(40);
const USAGE = { inputTokens: 0, cachedTokens: 0, outputTokens: 0, isEstimate: true };
const { signal } = new AbortController();

/** A model that answers at once: a tool call each time, then the end. */
function instantModel(): Pick<ModelCalls, 'ask'> {
  let made = 0;
  return {
    async ask(): Promise<ModelAnswer> {
      made += 1;
      if (made > TOOL_CALLS) return { text: '{"done":true}', toolCalls: [], finish: 'stop', usage: USAGE };
      const call = { id: `call_${made}`, name: 'read_file', arguments: JSON.stringify({ path: `src/${made}.ts` }) };
      return { text: null, toolCalls: [call], finish: 'tool-calls', usage: USAGE };
    },
  };
}

const Path = z.strictObject({ path: z.string() });
const Done = z.strictObject({ done: z.boolean() });
const readFile = defineTool({
  name: 'read_file',
  description: 'Gives the same text for every file.',
  arguments: Path,
  mutates: false,
  run: async () => RESULT,
});

async function ours(): Promise<void> {
  const calls: ModelCalls = {
    ...instantModel(),
    model: 'instant',
    windowTokens: 1_000_000,
    shortcomings: () => [],
    recorded: async () => null,
  };
  await think(
    {
      persona: mason,
      instructions: 'Plan.',
      material: 'The task.',
      answer: { name: 'done', schema: Done, problems: () => [] },
      tools: [readFile],
    },
    { calls, hear: async () => [], signal, clock: systemClock },
  );
}

/** The peer: the shortest loop that uses the same model and the same tool, and checks nothing. */
async function bare(): Promise<void> {
  const model = instantModel();
  const messages: ModelMessage[] = [
    { role: 'system', text: 'Plan.' },
    { role: 'user', text: 'The task.' },
  ];
  const request: ModelRequest = { messages, tools: [], answer: null, maxAnswerTokens: 1_000 };
  for (;;) {
    const answer = await model.ask(request, { toolMs: 0, signal });
    if (answer.toolCalls.length === 0) {
      JSON.parse(answer.text ?? '');
      return;
    }
    messages.push({ role: 'assistant', text: answer.text, toolCalls: answer.toolCalls });
    for (const call of answer.toolCalls) {
      messages.push({ role: 'tool', callId: call.id, text: await readFile.run(JSON.parse(call.arguments), signal) });
    }
  }
}

/** What every result of a tool goes through, whoever's loop it is. */
async function wrapping(): Promise<void> {
  for (let call = 0; call < TOOL_CALLS; call += 1) {
    wrapOutsideText({ origin: 'what read_file answered', text: RESULT, maxCharacters: 16_000, form: 'file' });
  }
}

async function run(): Promise<Table[]> {
  const times: Record<'ours' | 'wrapping' | 'bare', number[]> = { ours: [], wrapping: [], bare: [] };
  for (let round = 0; round < ROUNDS + WARM_UP; round += 1) {
    const taken = { ours: await timeMs(ours), wrapping: await timeMs(wrapping), bare: await timeMs(bare) };
    if (round < WARM_UP) continue;
    for (const name of ['ours', 'wrapping', 'bare'] as const) times[name].push((taken[name] * 1_000) / TOOL_CALLS);
  }
  const [own, wrapped, peer] = [median(times.ours), median(times.wrapping), median(times.bare)];
  return [
    {
      title: `Thinking: the loop's own time per tool call (instant model and tool, ${TOOL_CALLS} tool calls, median of ${ROUNDS})`,
      columns: ['loop', 'µs a tool call', 'against the bare loop'],
      rows: [
        [
          'ours: allowlist, arguments checked, results wrapped, window, steering, record',
          show(own),
          `${show(own / peer)} ×`,
        ],
        ['of which cleaning, redacting and wrapping the result', show(wrapped), ''],
        ['a bare while loop that checks nothing', show(peer), '1 ×'],
      ],
      note: `What the tool answers here is ${show(RESULT.length, 0)} characters long. A call to a real model takes a second or more.`,
    },
  ];
}

export const thinkingMeasure: Measure = { name: 'thinking', run };
