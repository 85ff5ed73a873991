import { defineEntity, p } from '@mikro-orm/core';
import { time } from '../column-types.ts';

/** Deliveries from outside, each once. */
export const InboxEntity = defineEntity({
  name: 'InboxDelivery',
  tableName: 'inbox',
  uniques: [{ properties: ['key'] }],
  indexes: [{ name: 'inbox_pending_index', properties: ['id'], where: 'done_at is null' }],
  properties: {
    id: p.bigint('number').primary(),
    key: p.text(),
    surface: p.text(),
    /** Emptied once it is done: from then on the conversation holds the words, and can forget them. */
    payload: p.text(),
    receivedAt: time(),
    doneAt: time().nullable(),
  },
});
