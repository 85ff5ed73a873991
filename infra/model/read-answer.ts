import type { ModelAnswer, ModelRequest, TokenUsage, ToolCall } from '#src/ports/model.ts';
import type { Dialect } from './dialect.ts';
import { jsonInText, readObject } from './json-in-text.ts';
import type { RawAnswer, RawToolCall } from './raw-answer.ts';
import { withoutStandInNulls } from './strict-schema.ts';
import { callInText } from './tools-in-words.ts';
import { needsEnvelope, openEnvelope } from './write-request.ts';

/** A rule of thumb for English and code: OpenAI says about 4 characters a token, code has fewer. */
const CHARACTERS_PER_TOKEN = 3.5;

const FINISH: Readonly<Record<string, ModelAnswer['finish']>> = {
  length: 'length',
  max_tokens: 'length',
  model_length: 'length',
  content_filter: 'refused',
  safety: 'refused',
  refusal: 'refused',
};

/** What a raw answer says in the port's terms. null: it says nothing at all, which is a fault. */
export function readAnswer(raw: RawAnswer, request: ModelRequest, dialect: Dialect): ModelAnswer | null {
  const usage = usageOf(raw, request);
  const text = withoutReasoning(raw.text);
  const finish = FINISH[raw.finish?.toLowerCase() ?? ''] ?? 'stop';
  if (raw.refusal.trim() !== '') return { text: raw.refusal.trim(), toolCalls: [], finish: 'refused', usage };
  // A filter or a limit may have cut a call in two: none of them is made.
  if (finish === 'refused') return { text: null, toolCalls: [], finish, usage };
  if (finish === 'length') return { text, toolCalls: [], finish, usage };
  const calls = callsOf(raw, text, dialect, request);
  if (calls.length > 0) {
    const isInWords = raw.toolCalls.length === 0;
    return { text: isInWords ? null : text, toolCalls: withIds(calls, request), finish: 'tool-calls', usage };
  }
  if (text === null) return null;
  return {
    text: request.answer === null ? text : shapedText(text, request.answer),
    toolCalls: [],
    finish: 'stop',
    usage,
  };
}

/** What counts when an answer was kept back by a filter before a word of it was written. */
export function filteredAnswer(): ModelAnswer {
  return {
    text: null,
    toolCalls: [],
    finish: 'refused',
    usage: { inputTokens: 0, cachedTokens: 0, outputTokens: 0, isEstimate: true },
  };
}

function callsOf(raw: RawAnswer, text: string | null, dialect: Dialect, request: ModelRequest): RawToolCall[] {
  if (raw.toolCalls.length > 0) return raw.toolCalls;
  if (dialect.tools === 'native' || request.tools.length === 0 || text === null) return [];
  const call = callInText(text);
  return call === null ? [] : [{ index: null, id: '', ...call }];
}

/**
 * Ids as the model gave them where they are there and unique in the whole talk; others are made from a count, so that
 * the same answer always reads the same. Nine letters and digits: the one form that Mistral takes, and everyone else too.
 */
function withIds(calls: readonly RawToolCall[], request: ModelRequest): ToolCall[] {
  const taken = new Set(
    request.messages.flatMap((message) => (message.role === 'assistant' ? message.toolCalls.map(({ id }) => id) : [])),
  );
  let count = taken.size;
  return calls.map(({ id: given, name, arguments: written }) => {
    let id = given;
    while (id === '' || taken.has(id)) {
      count += 1;
      id = `call${String(count).padStart(5, '0')}`;
    }
    taken.add(id);
    return { id, name, arguments: withoutMadeUpNulls(written, name, request) };
  });
}

function withoutMadeUpNulls(written: string, name: string, { tools }: ModelRequest): string {
  const tool = tools.find((offer) => offer.name === name);
  // Some servers write nothing at all for a tool without arguments.
  if (written.trim() === '') return '{}';
  const given = readObject(written);
  if (tool === undefined || given === null || !written.includes('null')) return written;
  return unlessTooDeep(written, () => JSON.stringify(withoutStandInNulls(tool.parameters, given)));
}

/** Nested a hundred thousand times it can be read and not be written anew; its schema will refuse it. */
function unlessTooDeep(written: string, rewrite: () => string): string {
  try {
    return rewrite();
  } catch (error) {
    if (error instanceof RangeError) return written;
    throw error;
  }
}

/** The JSON that was asked for, out of its envelope and without stand-ins; text that holds none stays as it is. */
function shapedText(text: string, answer: NonNullable<ModelRequest['answer']>): string {
  const json = jsonInText(text);
  if (json === null) return text;
  if (!needsEnvelope(answer) && !json.includes('null')) return json;
  const value: unknown = JSON.parse(json);
  return unlessTooDeep(json, () =>
    JSON.stringify(withoutStandInNulls(answer.schema, needsEnvelope(answer) ? openEnvelope(value) : value)),
  );
}

/** Some servers leave the model's thoughts in the text; they come first and are no part of the answer. */
function withoutReasoning(text: string): string | null {
  const rest = text.replace(/^\s*<(think|thinking|reasoning)>[\s\S]*?(<\/\1>|$)/i, '').trim();
  return rest === '' ? null : rest;
}

function usageOf({ usage, text, refusal, toolCalls }: RawAnswer, request: ModelRequest): TokenUsage {
  if (usage !== null) return { ...usage, isEstimate: false };
  const written = [text, refusal, ...toolCalls.map((call) => `${call.name}${call.arguments}`)].join('');
  return {
    inputTokens: tokens(
      JSON.stringify(request.messages).length +
        (request.tools.length > 0 ? JSON.stringify(request.tools).length : 0) +
        (request.answer === null ? 0 : JSON.stringify(request.answer.schema).length),
    ),
    cachedTokens: 0,
    outputTokens: tokens(written.length),
    isEstimate: true,
  };
}

function tokens(characters: number): number {
  return Math.ceil(characters / CHARACTERS_PER_TOKEN);
}
