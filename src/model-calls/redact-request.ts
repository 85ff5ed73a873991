import type { ModelMessage, ModelRequest } from '#src/ports/model.ts';

/**
 * The request without secrets in any text that people, files or tools put into it. Ids, tool names and schemas are the
 * factory's own and stay, so that answers still fit their questions.
 */
export function redactRequest(request: ModelRequest, redact: (text: string) => string): ModelRequest {
  return {
    ...request,
    messages: request.messages.map((message) => redactMessage(message, redact)),
    tools: request.tools.map((tool) => ({ ...tool, description: redact(tool.description) })),
  };
}

function redactMessage(message: ModelMessage, redact: (text: string) => string): ModelMessage {
  if (message.role !== 'assistant') return { ...message, text: redact(message.text) };
  return {
    ...message,
    text: message.text === null ? null : redact(message.text),
    toolCalls: message.toolCalls.map((call) => ({ ...call, arguments: redact(call.arguments) })),
  };
}
