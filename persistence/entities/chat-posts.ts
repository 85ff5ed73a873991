import { defineEntity, p } from '@mikro-orm/core';
import type { Author, Card, ThreadRef } from '#src/ports/chat.ts';
import { time } from '../column-types.ts';

/** What people see in threads; every surface draws from here. */
export const ChatPost = defineEntity({
  name: 'ChatPost',
  tableName: 'chat_posts',
  uniques: [{ properties: ['key'] }, { properties: ['id'] }],
  indexes: [{ properties: ['threadKind', 'threadId', 'order'] }],
  properties: {
    /** Posts stand in their thread in this order. */
    order: p.bigint('number').primary(),
    id: p.text(),
    key: p.text(),
    threadKind: p.text().$type<ThreadRef['kind']>(),
    threadId: p.text(),
    author: p.json<Author>(),
    card: p.json<Card>(),
    mentions: p.json<string[]>(),
    version: p.integer(),
    postedAt: time(),
    editedAt: time().nullable(),
  },
});
