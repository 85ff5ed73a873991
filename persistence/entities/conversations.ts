import { defineEntity, p } from '@mikro-orm/core';
import type { KeptConversation } from '#src/ports/unit-of-work.ts';
import { time } from '../column-types.ts';

/** An input, not a projection: the ledger pins it by count and hash. Its words are in `messages`. */
export const ConversationEntity = defineEntity({
  name: 'Conversation',
  tableName: 'conversations',
  indexes: [{ properties: ['projectId'] }],
  properties: {
    id: p.text().primary(),
    projectId: p.text(),
    title: p.text(),
    source: p.text().$type<KeptConversation['source']>(),
    fileHash: p.text().nullable(),
    messageCount: p.integer(),
    /** Over all messages, by `src/intake/conversation-hash.ts`; stays when the words are erased. */
    contentHash: p.text(),
    skipped: p.json<KeptConversation['skipped']>(),
    createdAt: time().defaultRaw('now()'),
    forgottenAt: time().nullable(),
  },
});
