import { defineEntity, p } from '@mikro-orm/core';
import { time } from '../column-types.ts';

/** Wakes that must reach a queue because of a commit. */
export const OutboxEntity = defineEntity({
  name: 'OutboxWake',
  tableName: 'outbox',
  indexes: [{ name: 'outbox_pending_index', properties: ['lane', 'id'], where: 'sent_at is null' }],
  properties: {
    id: p.bigint('number').primary(),
    lane: p.text(),
    taskId: p.text(),
    createdAt: time().defaultRaw('now()'),
    sentAt: time().nullable(),
  },
});
