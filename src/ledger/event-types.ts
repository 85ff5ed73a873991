import type * as z from 'zod';
import { accountEvents } from './events/accounts.ts';
import { backlogEvents } from './events/backlog.ts';
import { codeFactoryEvents } from './events/code-factory.ts';
import { haltEvents } from './events/halt.ts';
import { inceptionEvents } from './events/inception.ts';
import { intakeEvents } from './events/intake.ts';
import { lessonEvents } from './events/lessons.ts';
import { modelCallEvents } from './events/model-calls.ts';
import { qaEvents } from './events/qa.ts';
import { reflectionEvents } from './events/reflection.ts';
import { revertEvents } from './events/reverts.ts';
import { reviewEvents } from './events/review.ts';
import { steeringEvents } from './events/steering.ts';
import { surfaceEvents } from './events/surfaces.ts';
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
  ...modelCallEvents,
  ...steeringEvents,
  ...surfaceEvents,
  ...haltEvents,
  ...accountEvents,
  ...revertEvents,
  ...lessonEvents,
  ...reflectionEvents,
};

export type EventType = keyof typeof eventDefinitions;
export type EventBodies = { [T in EventType]: z.infer<(typeof eventDefinitions)[T]['body']> };
