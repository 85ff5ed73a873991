import * as z from 'zod';
import { criterion, modelNotes, packetHeader } from './packet.ts';

/** Piper to Mason: what counts as done, what limits it, and what must not be touched. */
export const ScopePacket = packetHeader.extend({
  type: z.literal('scope'),
  criteria: z.array(criterion).min(1),
  constraints: z.array(z.string()),
  /** Path patterns that this work may not change. */
  protectedAreas: z.array(z.string()),
  openQuestions: z.array(z.string()),
  /** What a model proposed and was not taken, because it cites messages that do not exist or breaks a rule. */
  refused: z.array(z.string()).default([]),
  modelNotes,
});
export type ScopePacket = z.infer<typeof ScopePacket>;
