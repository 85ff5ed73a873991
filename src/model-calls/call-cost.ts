import type { ModelPrice, ModelRequest, TokenUsage } from '#src/ports/model.ts';

/**
 * UTF-8 bytes in a token, on the safe side: OpenAI counts about four characters of English a token
 * (help.openai.com, "What are tokens"), code takes more, and a Chinese character of three bytes takes about one.
 */
const BYTES_PER_TOKEN = 3;

/** Tokens that a call takes at most, as far as one can tell before it. */
export function reservedTokens(request: ModelRequest): { inputTokens: number; outputTokens: number } {
  const { messages, tools, answer, maxAnswerTokens } = request;
  const bytes = Buffer.byteLength(JSON.stringify({ messages, tools, answer }), 'utf8');
  return { inputTokens: Math.ceil(bytes / BYTES_PER_TOKEN), outputTokens: maxAnswerTokens };
}

/** Millionths of a US dollar, rounded up. A price of one dollar per million tokens is one millionth a token. */
export function costMicroUsd(
  { inputTokens, outputTokens }: Pick<TokenUsage, 'inputTokens' | 'outputTokens'>,
  price: ModelPrice | null,
): number {
  if (price === null) return 0;
  return Math.ceil(inputTokens * price.inputUsd + outputTokens * price.outputUsd);
}
