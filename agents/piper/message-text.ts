import type { ConversationMessage } from '#src/ports/conversation.ts';
import { wrapOutsideText } from '#src/safety/wrap-outside-text.ts';

/** A message of the conversation for a model, by its number as people count. */
export function messageText(
  { position, speaker, role, text }: Pick<ConversationMessage, 'position' | 'speaker' | 'role' | 'text'>,
  maxCharacters: number,
): string {
  const who = role === 'assistant' ? `${speaker}, an assistant` : speaker;
  return wrapOutsideText({ origin: `message ${position + 1} by ${who}`, text, maxCharacters });
}
