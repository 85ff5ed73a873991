import type { OpenAI } from 'openai';
import type { JsonSchema, ModelMessage, ModelRequest } from '#src/ports/model.ts';
import type { Dialect } from './dialect.ts';
import { isJson } from './json-in-text.ts';
import { strictSchema } from './strict-schema.ts';
import { describeTools, withoutToolMessages } from './tools-in-words.ts';

export type RequestBody = OpenAI.Chat.ChatCompletionCreateParams;

/** A schema whose root is no object cannot be asked for; it travels as the one property of an object. */
const ENVELOPE = 'the_answer';

export function needsEnvelope({ schema }: { schema: JsonSchema }): boolean {
  return schema['type'] !== 'object' || 'anyOf' in schema || 'oneOf' in schema;
}

export function openEnvelope(value: unknown): unknown {
  return typeof value === 'object' && value !== null && ENVELOPE in value && Object.keys(value).length === 1
    ? value[ENVELOPE]
    : value;
}

/** The body of one request, as this dialect says it. */
export function writeRequest(model: string, request: ModelRequest, dialect: Dialect): RequestBody {
  const native = dialect.tools === 'native';
  const offersNative = native && request.tools.length > 0;
  const format = request.answer === null ? null : formatOf(request.answer, dialect, request.tools.length > 0);
  const words = [
    ...(!native && request.tools.length > 0 ? [describeTools(request.tools)] : []),
    ...(request.answer !== null && format?.type !== 'json_schema' ? [askInWords(request.answer.schema, request)] : []),
  ];
  const messages = withSystemWords(native ? request.messages : withoutToolMessages(request.messages), words);
  return {
    model,
    messages: messages.map(writeMessage),
    [dialect.limit]: request.maxAnswerTokens,
    ...(offersNative ? { tools: request.tools.map((tool) => writeTool(tool, dialect.strictTools)) } : {}),
    ...(format === null ? {} : { response_format: format }),
    ...(dialect.stream ? { stream: true } : {}),
    ...(dialect.stream && dialect.streamUsage ? { stream_options: { include_usage: true } } : {}),
  };
}

function formatOf(
  answer: NonNullable<ModelRequest['answer']>,
  dialect: Dialect,
  offersTools: boolean,
): NonNullable<OpenAI.Chat.ChatCompletionCreateParams['response_format']> | null {
  const offersNative = offersTools && dialect.tools === 'native';
  if (dialect.answer === 'words' || (offersNative && !dialect.toolsWithFormat)) return null;
  // A call in words is JSON too, but not of the answer's schema.
  const mayBeStrict = dialect.answer === 'strict-schema' && (offersNative || !offersTools);
  const strict = mayBeStrict ? strictAnswer(answer.schema) : null;
  if (strict !== null) {
    return { type: 'json_schema', json_schema: { name: answer.name, schema: { ...strict }, strict: true } };
  }
  return offersNative || answer.schema['type'] === 'array' ? null : { type: 'json_object' };
}

/** null: this schema has no strict form. Definitions move up to the root, where references look for them. */
function strictAnswer(schema: JsonSchema): JsonSchema | null {
  if (!needsEnvelope({ schema })) return strictSchema(schema);
  const { $defs, $schema: _, ...inner } = schema;
  const wrapped = {
    type: 'object',
    properties: { [ENVELOPE]: inner },
    required: [ENVELOPE],
    additionalProperties: false,
  };
  return strictSchema($defs === undefined ? wrapped : { ...wrapped, $defs });
}

function askInWords(schema: JsonSchema, { tools }: ModelRequest): string {
  const when = tools.length > 0 ? 'Your answer, once you need no more tools, is' : 'Your answer is';
  return `${when} one JSON value and nothing else, no code fence, of this JSON Schema:\n${JSON.stringify(schema)}`;
}

function withSystemWords(
  messages: readonly ModelMessage[] | ReturnType<typeof withoutToolMessages>,
  words: string[],
): Sent[] {
  if (words.length === 0) return [...messages];
  const [first, ...rest] = messages;
  return first?.role === 'system'
    ? [{ role: 'system', text: [first.text, ...words].join('\n\n') }, ...rest]
    : [{ role: 'system', text: words.join('\n\n') }, ...messages];
}

type Sent = ModelMessage | ReturnType<typeof withoutToolMessages>[number];

function writeMessage(message: Sent): OpenAI.Chat.ChatCompletionMessageParam {
  switch (message.role) {
    case 'system':
    case 'user':
      return { role: message.role, content: message.text };
    case 'tool':
      return { role: 'tool', tool_call_id: message.callId, content: message.text };
    case 'assistant': {
      const calls = 'toolCalls' in message ? message.toolCalls : [];
      return {
        role: 'assistant',
        content: message.text,
        ...(calls.length === 0
          ? {}
          : {
              tool_calls: calls.map(({ id, name, arguments: written }) => ({
                id,
                type: 'function' as const,
                // Several servers parse what stands in the history, and fail on what the model got wrong there.
                function: { name, arguments: isJson(written) ? written : JSON.stringify({ not_json: written }) },
              })),
            }),
      };
    }
  }
}

function writeTool(
  { name, description, parameters }: ModelRequest['tools'][number],
  mayBeStrict: boolean,
): OpenAI.Chat.ChatCompletionTool {
  const strict = mayBeStrict ? strictSchema(parameters) : null;
  return {
    type: 'function',
    function:
      strict === null
        ? { name, description, parameters: { ...parameters } }
        : { name, description, parameters: { ...strict }, strict: true },
  };
}
