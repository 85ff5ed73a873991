import type { Conversation } from '#src/ports/conversation.ts';

/** Whether its words were erased at somebody's wish, so that they do not come back from where they were said. */
export function isForgotten(conversation: Pick<Conversation, 'messages'> | null): boolean {
  const messages = conversation?.messages ?? [];
  return messages.length > 0 && messages.every(({ originId, speaker }) => originId === null && speaker === '');
}
