import * as z from 'zod';
import { modelNotes, packetHeader } from './packet.ts';

const criterionProof = z.strictObject({
  criterionId: z.string(),
  state: z.enum(['proven', 'unproven', 'failed']),
  test: z.string().nullable(),
});

/** Vera to Tess: the verdict, from exit codes and parsed reports only. */
export const QaResultPacket = packetHeader.extend({
  type: z.literal('qa-result'),
  headSha: z.string(),
  outcome: z.enum(['passed', 'failed', 'no-checks']),
  proofs: z.array(criterionProof),
  findings: z.array(z.strictObject({ check: z.string(), test: z.string().nullable(), text: z.string() })),
  knownBefore: z.array(z.strictObject({ check: z.string(), test: z.string().nullable() })),
  checks: z.array(
    z.strictObject({
      name: z.string(),
      command: z.string(),
      exitCode: z.int().nullable(),
      durationMs: z.number(),
      passed: z.int().nullable(),
      failed: z.int().nullable(),
    }),
  ),
  /** What a model remarks on the diff against plan and criteria. It never changes the outcome. */
  remarks: z.array(z.strictObject({ path: z.string().nullable(), text: z.string() })).default([]),
  modelNotes,
  /** Artifact of the whole CheckReport. */
  reportArtifact: z.string(),
});
export type QaResultPacket = z.infer<typeof QaResultPacket>;
