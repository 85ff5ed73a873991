import type { ModelCalls } from '#src/model-calls/model-calls.ts';
import type { ModelAnswer, ModelMessage, ModelRequest, ToolCall } from '#src/ports/model.ts';

/** One call as it was recorded: what a step that runs again gets back. */
export interface RecordedCall {
  request: ModelRequest;
  answer: ModelAnswer;
}

/** What the scripted model answers next: a value, or a function of the request; an Error is thrown. */
export type ScriptedAnswer = ModelAnswer | Error | ((request: ModelRequest) => ModelAnswer | Error);

export interface ScriptedCalls extends ModelCalls {
  /** Requests that reached the model, recorded ones not among them. */
  readonly asked: readonly ModelRequest[];
  /** All that was answered, for another go at the same step. */
  readonly record: readonly RecordedCall[];
  readonly toolMs: readonly number[];
}

/**
 * A model that answers from a script and looks at every history that it gets: what real endpoints refuse is an error
 * here. `record` holds what an earlier go recorded; `dieAfter` kills the step once so many calls were answered.
 */
export function createScriptedCalls(
  script: readonly ScriptedAnswer[],
  options: { record?: readonly RecordedCall[]; windowTokens?: number; dieAfter?: number } = {},
): ScriptedCalls {
  const record: RecordedCall[] = [...(options.record ?? [])];
  const known = record.length;
  const asked: ModelRequest[] = [];
  const toolMs: number[] = [];
  let ordinal = 0;
  return {
    model: 'scripted',
    windowTokens: options.windowTokens ?? 128_000,
    shortcomings: () => [],
    asked,
    record,
    toolMs,
    async recorded() {
      return ordinal < known ? structuredClone(record[ordinal] ?? null) : null;
    },
    async ask(request, { toolMs: spent, signal }) {
      signal.throwIfAborted();
      requireValidHistory(request);
      if (ordinal < known) {
        const found = record[ordinal];
        ordinal += 1;
        if (found !== undefined) return structuredClone(found.answer);
      }
      asked.push(structuredClone(request));
      toolMs.push(spent);
      const entry = script[ordinal];
      if (entry === undefined) throw new Error(`The script has no answer ${ordinal + 1}.`);
      const answer = typeof entry === 'function' ? entry(request) : entry;
      if (answer instanceof Error) throw answer;
      record.push(structuredClone({ request, answer }));
      ordinal += 1;
      if (ordinal === options.dieAfter) throw new Error('killed');
      return structuredClone(answer);
    },
  };
}

const USAGE = { inputTokens: 100, cachedTokens: 0, outputTokens: 10, isEstimate: false };

/** An answer as text; an object becomes its JSON. */
export function says(value: unknown, finish: ModelAnswer['finish'] = 'stop'): ModelAnswer {
  return { text: typeof value === 'string' ? value : JSON.stringify(value), toolCalls: [], finish, usage: USAGE };
}

let nextId = 0;

/** An answer that asks for tools, each as `[name, arguments]`; arguments that are text stay as they are. */
export function asksFor(...wanted: readonly (readonly [string, unknown])[]): ModelAnswer {
  const toolCalls = wanted.map(([name, args]): ToolCall => {
    nextId += 1;
    return { id: `call_${nextId}`, name, arguments: typeof args === 'string' ? args : JSON.stringify(args) };
  });
  return { text: null, toolCalls, finish: 'tool-calls', usage: USAGE };
}

/** Results of tools in a request, in order. */
export function resultsIn(request: ModelRequest): string[] {
  return request.messages.flatMap((message) => (message.role === 'tool' ? [message.text] : []));
}

/** Throws what a strict endpoint would answer with 400. */
function requireValidHistory(request: ModelRequest): void {
  const names = request.tools.map(({ name }) => name);
  if (new Set(names).size !== names.length) throw new Error('A tool is offered twice.');
  for (const name of [...names, ...(request.answer === null ? [] : [request.answer.name])]) {
    if (!/^[A-Za-z0-9_-]{1,64}$/.test(name)) throw new Error(`${name} cannot name a tool or an answer.`);
  }
  if (request.messages[0]?.role !== 'system') throw new Error('The first message is not the system message.');
  let open: string[] = [];
  for (const message of request.messages) {
    if (message.role === 'tool') {
      const expected = open.shift();
      if (expected !== message.callId) throw new Error(`An orphan tool result: ${message.callId}.`);
    } else if (open.length > 0) {
      throw new Error(`Tool calls without results before a ${message.role} message: ${open.join(', ')}.`);
    }
    if (isEmpty(message)) throw new Error(`An empty ${message.role} message.`);
    if (message.role === 'assistant') open = message.toolCalls.map(({ id }) => id);
  }
  if (open.length > 0) throw new Error(`Tool calls without results: ${open.join(', ')}.`);
  if (request.messages.at(-1)?.role === 'assistant') throw new Error('The last message is the assistant’s own.');
}

function isEmpty(message: ModelMessage): boolean {
  if (message.role === 'assistant' && message.toolCalls.length > 0) return false;
  return (message.text ?? '').trim() === '';
}
