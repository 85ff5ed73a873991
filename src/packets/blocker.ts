import * as z from 'zod';
import { packetHeader } from './packet.ts';

/** From anyone to a person: why the work cannot go on, and what would help. */
export const BlockerPacket = packetHeader.extend({
  type: z.literal('blocker'),
  code: z.string(),
  reason: z.string(),
  /** What a person can do about it. */
  fix: z.string(),
  findings: z.array(z.string()),
  /** The fault is the factory's own, not one of the task. Only the code that runs the steps says so, no persona. */
  about: z.literal('factory').optional(),
});
export type BlockerPacket = z.infer<typeof BlockerPacket>;
