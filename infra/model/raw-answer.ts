import * as z from 'zod';

/** What a server said in one answer, put together from its parts. */
export interface RawAnswer {
  text: string;
  refusal: string;
  toolCalls: RawToolCall[];
  /** null: it has not said that it is done. */
  finish: string | null;
  usage: RawUsage | null;
}

export interface RawToolCall {
  index: number | null;
  id: string;
  name: string;
  arguments: string;
}

export interface RawUsage {
  inputTokens: number;
  cachedTokens: number;
  outputTokens: number;
}

/** Read with leave to be odd: gateways leave fields out, put null, or an object where text should be. */
const text = z.union([
  z.string(),
  // Mistral answers in parts; those that are no text are its reasoning.
  z
    .array(z.looseObject({ type: z.string().catch(''), text: z.string().catch('') }))
    .transform((parts) => parts.map((part) => (part.type === 'text' ? part.text : '')).join('')),
]);
const toolCall = z.object({
  index: z.number().nullish(),
  id: z.string().nullish().catch(null),
  function: z
    .object({
      name: z.string().nullish(),
      arguments: z
        .union([z.string(), z.record(z.string(), z.unknown()).transform((value) => JSON.stringify(value))])
        .nullish(),
    })
    .nullish(),
});
const message = z.object({
  content: text.nullish().catch(null),
  refusal: z.string().nullish().catch(null),
  tool_calls: z.array(toolCall).nullish(),
});
/** No model takes as much in one call; who says so miscounts, and it would not fit the counters. */
const MAX_TOKENS = 100_000_000;
/** Far more than anybody makes at once. */
const MAX_TOOL_CALLS = 200;

const count = z.number().nonnegative().max(MAX_TOKENS).transform(Math.round);
const usage = z.object({
  // Every question has some.
  prompt_tokens: count.refine((tokens) => tokens > 0),
  completion_tokens: count.nullish(),
  prompt_tokens_details: z.object({ cached_tokens: count.nullish() }).nullish().catch(null),
});
const piece = z.object({
  choices: z
    .array(z.object({ delta: message.nullish(), message: message.nullish(), finish_reason: z.string().nullish() }))
    .nullish(),
  usage: usage.nullish().catch(null),
});

export function emptyAnswer(): RawAnswer {
  return { text: '', refusal: '', toolCalls: [], finish: null, usage: null };
}

/** Adds one chunk of a stream, or a whole answer, in place. false: it is not of the shape of chat completions. */
export function addPiece(answer: RawAnswer, said: unknown): boolean {
  const parsed = piece.safeParse(said);
  if (!parsed.success) return false;
  const { choices, usage: spent } = parsed.data;
  if (spent != null) {
    answer.usage = {
      inputTokens: spent.prompt_tokens,
      cachedTokens: Math.min(spent.prompt_tokens_details?.cached_tokens ?? 0, spent.prompt_tokens),
      outputTokens: spent.completion_tokens ?? 0,
    };
  }
  const choice = choices?.[0];
  if (choice === undefined) return choices != null || spent != null;
  const part = choice.delta ?? choice.message;
  answer.text += part?.content ?? '';
  answer.refusal += part?.refusal ?? '';
  for (const call of part?.tool_calls ?? []) addToolCall(answer.toolCalls, call);
  answer.finish = choice.finish_reason ?? answer.finish;
  return true;
}

/** Parts of one call share an index; where gateways leave it out or count wrong, a new id or name begins a new call. */
function addToolCall(calls: RawToolCall[], part: z.infer<typeof toolCall>): void {
  const index = part.index ?? null;
  const id = part.id ?? '';
  const name = part.function?.name ?? '';
  const known = index === null ? calls.at(-1) : calls.findLast((call) => call.index === index);
  const isAnother =
    known === undefined || (name !== '' && (index === null || (id !== '' && known.id !== '' && id !== known.id)));
  const call = isAnother ? { index, id: '', name: '', arguments: '' } : known;
  if (isAnother && calls.length === MAX_TOOL_CALLS) return;
  if (isAnother) calls.push(call);
  if (call.id === '') call.id = id;
  if (call.name === '') call.name = name;
  call.arguments += part.function?.arguments ?? '';
}
