import type * as z from 'zod';
import { backlogEvents } from './events/backlog.ts';
import { codeFactoryEvents } from './events/code-factory.ts';
import { inceptionEvents } from './events/inception.ts';
import { intakeEvents } from './events/intake.ts';
import { qaEvents } from './events/qa.ts';
import { reviewEvents } from './events/review.ts';
import { writersRoomEvents } from './events/writers-room.ts';

/** Every fact that the factory records, with its body's schema and its projection. */
export const eventDefinitions = {
  ...intakeEvents,
  ...inceptionEvents,
  ...writersRoomEvents,
  ...backlogEvents,
  ...codeFactoryEvents,
  ...qaEvents,
  ...reviewEvents,
};

export type EventType = keyof typeof eventDefinitions;
export type EventBodies = { [T in EventType]: z.infer<(typeof eventDefinitions)[T]['body']> };
