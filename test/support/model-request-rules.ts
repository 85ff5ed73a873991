import * as z from 'zod';
import { strictSchemaFault } from './strict-schema-rules.ts';

/**
 * What OpenAI refuses and aimock lets pass. Fields are those of
 * https://platform.openai.com/docs/api-reference/chat/create; the order of tool messages is told there under `messages`.
 */
const FIELDS = new Set(
  `messages model audio frequency_penalty function_call functions logit_bias logprobs max_completion_tokens max_tokens
  metadata modalities n parallel_tool_calls prediction presence_penalty prompt_cache_key prompt_cache_retention
  reasoning_effort response_format safety_identifier seed service_tier stop store stream stream_options temperature
  tool_choice tools top_logprobs top_p user verbosity web_search_options`.split(/\s+/),
);
const NAME = /^[A-Za-z0-9_-]{1,64}$/;

const toolCall = z.strictObject({
  id: z.string().min(1),
  type: z.literal('function'),
  function: z.strictObject({ name: z.string().regex(NAME), arguments: z.string() }),
});
const message = z.discriminatedUnion('role', [
  z.strictObject({ role: z.literal(['system', 'developer', 'user']), content: z.string().min(1) }),
  z.strictObject({
    role: z.literal('assistant'),
    content: z.string().nullish(),
    tool_calls: z.array(toolCall).min(1).optional(),
  }),
  z.strictObject({ role: z.literal('tool'), tool_call_id: z.string().min(1), content: z.string() }),
]);
const tool = z.strictObject({
  type: z.literal('function'),
  function: z.strictObject({
    name: z.string().regex(NAME),
    description: z.string().optional(),
    parameters: z.record(z.string(), z.unknown()),
    strict: z.boolean().optional(),
  }),
});
const format = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('text') }),
  z.strictObject({ type: z.literal('json_object') }),
  z.strictObject({
    type: z.literal('json_schema'),
    json_schema: z.strictObject({
      name: z.string().regex(NAME),
      description: z.string().optional(),
      schema: z.record(z.string(), z.unknown()),
      strict: z.boolean().optional(),
    }),
  }),
]);
const body = z.looseObject({
  model: z.string().min(1),
  messages: z.array(message).min(1),
  tools: z.array(tool).min(1).optional(),
  response_format: format.optional(),
  max_tokens: z.int().positive().optional(),
  max_completion_tokens: z.int().positive().optional(),
  stream: z.boolean().optional(),
  stream_options: z.strictObject({ include_usage: z.boolean() }).optional(),
});

export type ChatRequest = z.infer<typeof body>;

/** The request as read, or a sentence on why OpenAI would refuse it. */
export function readChatRequest(said: unknown): { request: ChatRequest } | { refused: string } {
  const parsed = body.safeParse(said);
  if (!parsed.success) return { refused: z.prettifyError(parsed.error) };
  const request = parsed.data;
  const refused =
    unknownField(request) ??
    limitFault(request) ??
    messageFault(request.messages) ??
    toolFault(request) ??
    formatFault(request);
  return refused === null ? { request } : { refused };
}

function unknownField(request: ChatRequest): string | null {
  const name = Object.keys(request).find((field) => !FIELDS.has(field));
  return name === undefined ? null : `Unrecognized request argument supplied: ${name}`;
}

function limitFault(request: ChatRequest): string | null {
  if (request.max_tokens !== undefined && request.max_completion_tokens !== undefined) {
    return 'Setting max_tokens and max_completion_tokens at the same time is not supported.';
  }
  return request.stream_options !== undefined && request.stream !== true
    ? "The 'stream_options' parameter is only allowed when 'stream' is enabled."
    : null;
}

function messageFault(messages: ChatRequest['messages']): string | null {
  let open = new Set<string>();
  for (const [index, said] of messages.entries()) {
    if (said.role === 'tool') {
      if (!open.delete(said.tool_call_id)) return `messages[${index}]: a tool result without its call before it.`;
      continue;
    }
    if (open.size > 0) return `messages[${index}]: tool calls without a result: ${[...open].join(', ')}.`;
    if (said.role !== 'assistant') continue;
    const ids = (said.tool_calls ?? []).map(({ id }) => id);
    open = new Set(ids);
    if (open.size < ids.length) return `messages[${index}]: two tool calls have one id.`;
    if (ids.length === 0 && (said.content ?? '') === '') return `messages[${index}]: an empty message.`;
  }
  return open.size > 0 ? `tool calls without a result at the end: ${[...open].join(', ')}.` : null;
}

function toolFault({ tools = [] }: ChatRequest): string | null {
  const names = tools.map((offer) => offer.function.name);
  if (new Set(names).size < names.length) return 'tools: two of one name.';
  for (const offer of tools) {
    const fault = offer.function.strict === true ? strictSchemaFault(offer.function.parameters) : null;
    if (fault !== null) return `Invalid schema for function '${offer.function.name}': ${fault}`;
  }
  return null;
}

function formatFault({ response_format: asked, messages }: ChatRequest): string | null {
  if (asked?.type === 'json_object' && !messages.some(({ content }) => content?.includes('JSON') === true)) {
    return "'messages' must contain the word 'json' in some form, to use 'response_format' of type 'json_object'.";
  }
  if (asked?.type !== 'json_schema' || asked.json_schema.strict !== true) return null;
  const fault = strictSchemaFault(asked.json_schema.schema);
  return fault === null ? null : `Invalid schema for response_format '${asked.json_schema.name}': ${fault}`;
}
