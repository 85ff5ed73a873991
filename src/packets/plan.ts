import * as z from 'zod';
import { evidence, modelNotes, packetHeader } from './packet.ts';

const fileTarget = z.strictObject({
  path: z.string(),
  /** `edit`: parts of a file that exists, as yet unwritten; the others bring what the conversation holds. */
  action: z.enum(['create', 'replace', 'patch', 'edit', 'delete']),
  /** Why the file is touched, for a person. */
  why: z.string(),
  evidence,
});

/** Mason to Vera and Ollan: the steps, the files, how it is tested, what could go wrong and how to undo it. */
export const PlanPacket = packetHeader.extend({
  type: z.literal('plan'),
  steps: z.array(z.strictObject({ text: z.string(), files: z.array(z.string()) })).min(1),
  fileTargets: z.array(fileTarget).min(1),
  criteriaCovered: z.array(z.string()),
  tests: z.array(z.string()),
  docs: z.array(z.string()),
  risks: z.array(z.string()),
  rollback: z.string(),
  /** Artifact of the context pack that it was planned from; null: no model was asked. */
  packArtifact: z.string().nullable().default(null),
  modelNotes,
});
export type PlanPacket = z.infer<typeof PlanPacket>;
