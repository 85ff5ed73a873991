import { FactoryError } from '#src/errors.ts';
import type { ModelMessage, ModelRequest } from '#src/ports/model.ts';
import { cleanLine } from '#src/safety/clean-text.ts';

/** Code and JSON come to 3 to 4 characters a token with the usual tokenizers; the low end leaves room. */
const CHARACTERS_A_TOKEN = 3;
/** Where taking out begins, and how far it goes, as shares of the room: once in a while, not before every call. */
const FULL_AT = 0.9;
const DOWN_TO = 0.65;
/** An endpoint that finds the request too large counts more tokens than we do. */
const HARDER_SHARE = 0.6;
/** Results shorter than this are not worth a line that says what they were. */
const WORTH_CHARACTERS = 300;
const MAX_ARGUMENT_CHARACTERS = 120;

/** How long a text may be that is to take so many tokens. */
export function charactersIn(tokens: number): number {
  return Math.floor(tokens * CHARACTERS_A_TOKEN);
}

/** About how many tokens a request fills, without its answer. */
function requestTokens(request: ModelRequest): number {
  const fixed = JSON.stringify([request.tools, request.answer]).length;
  const characters = request.messages.reduce((sum, message) => sum + charactersOf(message), fixed);
  return Math.ceil(characters / CHARACTERS_A_TOKEN);
}

function charactersOf(message: ModelMessage): number {
  // Role and markers of a message cost a few tokens too.
  if (message.role !== 'assistant') return message.text.length + 12;
  const calls = message.toolCalls.reduce((sum, call) => sum + call.name.length + call.arguments.length + 30, 0);
  return (message.text?.length ?? 0) + calls + 12;
}

/**
 * The same request made to fit the window: where it is nearly full, the oldest results of tools become one line each
 * that says what they were. `isShorter`: something was taken out. Throws FactoryError `model-window-too-small`.
 */
export function fitWindow(request: ModelRequest, windowTokens: number): { request: ModelRequest; isShorter: boolean } {
  const room = windowTokens - request.maxAnswerTokens;
  const tokens = requestTokens(request);
  if (tokens <= room * FULL_AT) return { request, isShorter: false };
  const fitted = shorten(request, room * DOWN_TO, room);
  const left = requestTokens(fitted);
  if (left > room) throw tooSmall(left, request.maxAnswerTokens, windowTokens);
  return { request: fitted, isShorter: left < tokens };
}

/** For an endpoint that found it too large all the same. null: nothing more can be taken out. */
export function fitHarder(request: ModelRequest): ModelRequest | null {
  const tokens = requestTokens(request);
  const target = tokens * HARDER_SHARE;
  const fitted = shorten(request, target, target);
  return requestTokens(fitted) < tokens ? fitted : null;
}

/** Takes out old results down to `target` tokens; those of the last turn go only while it is over `limit`. */
function shorten(request: ModelRequest, target: number, limit: number): ModelRequest {
  const messages = [...request.messages];
  const lastTurn = messages.findLastIndex(({ role }) => role === 'assistant');
  let tokens = requestTokens(request);
  messages.forEach((message, index) => {
    if (tokens <= (index > lastTurn ? limit : target)) return;
    if (message.role !== 'tool' || message.text.length < WORTH_CHARACTERS) return;
    const text = lineFor(messages, index, message);
    tokens -= Math.floor((message.text.length - text.length) / CHARACTERS_A_TOKEN);
    messages[index] = { ...message, text };
  });
  return { ...request, messages };
}

function lineFor(messages: readonly ModelMessage[], index: number, message: ModelMessage & { role: 'tool' }): string {
  const turn = messages.slice(0, index).findLast(({ role }) => role === 'assistant');
  const call = turn?.role === 'assistant' ? turn.toolCalls.find(({ id }) => id === message.callId) : undefined;
  const what = call === undefined ? 'a tool' : `${call.name} ${cleanLine(call.arguments, MAX_ARGUMENT_CHARACTERS)}`;
  return `(Taken out to make room: the result of ${what}, ${message.text.length} characters. Ask again if you need it.)`;
}

function tooSmall(tokens: number, answerTokens: number, windowTokens: number): FactoryError {
  return new FactoryError(
    'model-window-too-small',
    `The work does not fit the model's window: it takes about ${tokens} tokens and ${answerTokens} for the answer, and the window holds ${windowTokens}.`,
    { fix: 'Use a model with a larger window, or split the story.' },
  );
}
