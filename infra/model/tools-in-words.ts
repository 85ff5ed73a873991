import type { ModelMessage, ModelRequest, ToolCall, ToolOffer } from '#src/ports/model.ts';
import { jsonInText, readObject } from './json-in-text.ts';

/** Only of the three plain roles: what every server takes. */
export type PlainMessage = Extract<ModelMessage, { role: 'system' | 'user' }> | { role: 'assistant'; text: string };

/** Describes the tools to a model whose server knows none. */
export function describeTools(tools: readonly ToolOffer[]): string {
  const list = tools.map(
    ({ name, description, parameters }) => `- ${name}: ${description}\n  arguments: ${JSON.stringify(parameters)}`,
  );
  return [
    'You can use tools. To use one, answer with exactly one JSON object and nothing else:',
    '{"tool": "<name>", "arguments": {<its arguments>}}',
    'Its result comes in the next message. Use one tool at a time. When you need none, give your answer.',
    'The tools, each with the JSON Schema of its arguments:',
    ...list,
  ].join('\n');
}

/** The same talk without tool messages: calls become what the model wrote, results become messages to it. */
export function withoutToolMessages(messages: ModelRequest['messages']): PlainMessage[] {
  const names = new Map<string, string>();
  const plain: PlainMessage[] = [];
  for (const message of messages) {
    if (message.role === 'system' || message.role === 'user') add(plain, message);
    else if (message.role === 'tool') {
      add(plain, { role: 'user', text: `Result of the tool ${names.get(message.callId) ?? 'call'}:\n${message.text}` });
    } else {
      for (const call of message.toolCalls) names.set(call.id, call.name);
      const calls = message.toolCalls.map((call) => writeCall(call));
      add(plain, { role: 'assistant', text: [message.text ?? '', ...calls].filter((part) => part !== '').join('\n') });
    }
  }
  return plain;
}

/** Chat templates of small models (Gemma, Mistral) refuse two messages of one role in a row. */
function add(messages: PlainMessage[], next: PlainMessage): void {
  const last = messages.at(-1);
  if (last?.role === next.role) last.text = `${last.text}\n\n${next.text}`;
  else messages.push({ ...next });
}

function writeCall({ name, arguments: written }: ToolCall): string {
  return JSON.stringify({ tool: name, arguments: readObject(written) ?? written });
}

/** The call that an answer in words is, or null when it is an answer. A name that nobody offered is kept: the host refuses it. */
export function callInText(text: string): { name: string; arguments: string } | null {
  const json = jsonInText(text);
  const said = json === null ? null : readObject(json);
  if (said === null) return null;
  const { tool, arguments: given, ...others } = said;
  if (typeof tool !== 'string' || tool === '' || Object.keys(others).length > 0) return null;
  if (given !== undefined && given !== null && typeof given !== 'object' && typeof given !== 'string') return null;
  return { name: tool, arguments: typeof given === 'string' ? given : JSON.stringify(given ?? {}) };
}
