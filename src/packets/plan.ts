import * as z from 'zod';
import { evidence, packetHeader } from './packet.ts';

const fileTarget = z.strictObject({
  path: z.string(),
  action: z.enum(['create', 'replace', 'patch']),
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
});
export type PlanPacket = z.infer<typeof PlanPacket>;
