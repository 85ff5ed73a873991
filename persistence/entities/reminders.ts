import { defineEntity, p } from '@mikro-orm/core';
import { time } from '../column-types.ts';

/** Posts that ask people outside of the room, until they are answered. */
export const Reminder = defineEntity({
  name: 'Reminder',
  tableName: 'reminders',
  indexes: [{ properties: ['ended'] }],
  properties: {
    postId: p.text().primary(),
    /** Reminders that were said. */
    said: p.integer().default(0),
    snoozedUntil: time().nullable(),
    ended: p.boolean().default(false),
  },
});
