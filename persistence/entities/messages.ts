import { defineEntity, p } from '@mikro-orm/core';
import type { ConversationMessage } from '#src/ports/conversation.ts';

/** The words of a conversation. Times stay text: they are hashed exactly as the origin gave them. */
export const MessageEntity = defineEntity({
  name: 'Message',
  tableName: 'messages',
  properties: {
    conversationId: p.text().primary(),
    position: p.integer().primary(),
    speaker: p.text(),
    role: p.text().$type<ConversationMessage['role']>(),
    at: p.text().nullable(),
    text: p.text(),
    originId: p.text().nullable(),
  },
});
