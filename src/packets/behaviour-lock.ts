import * as z from 'zod';
import { modelNotes, packetHeader } from './packet.ts';

/** Vera to Ollan: what the code must satisfy, fixed before any of it is brought onto the branch. */
export const BehaviourLockPacket = packetHeader.extend({
  type: z.literal('behaviour-lock'),
  /** Commit that holds the conversation's own tests; null when it had none. */
  testsSha: z.string().nullable(),
  testFiles: z.array(z.string()),
  /** Who wrote the tests; null: there are none. */
  writtenBy: z.enum(['conversation', 'vera']).nullable().default(null),
  /** The new tests fail without the code, as they should. null: there were none, or nothing could run them. */
  redOnBase: z.boolean().nullable(),
  /** Artifact of the base's own CheckReport; null when the repository has no checks. */
  baselineArtifact: z.string().nullable(),
  /** Artifact of the compiled `.feature` document. */
  featureArtifact: z.string(),
  /** What a person should know about the baseline. */
  notes: z.array(z.string()),
  packArtifact: z.string().nullable().default(null),
  modelNotes,
});
export type BehaviourLockPacket = z.infer<typeof BehaviourLockPacket>;
