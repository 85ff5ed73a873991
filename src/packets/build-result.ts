import * as z from 'zod';
import { modelNotes, packetHeader } from './packet.ts';

/** Ollan to Vera: what is on the branch now and why each choice was made. */
export const BuildResultPacket = packetHeader.extend({
  type: z.literal('build-result'),
  headSha: z.string(),
  commits: z.array(z.strictObject({ sha: z.string(), title: z.string() })),
  files: z.array(z.strictObject({ path: z.string(), added: z.int(), removed: z.int() })),
  /** Files that the plan did not name. */
  outsidePlan: z.array(z.string()),
  /** Blocks of the conversation that were left out, with the reason. */
  leftOut: z.array(z.strictObject({ path: z.string(), reason: z.string() })),
  /** Tests that were there before or were locked, and that this change touches; shown to the reviewer first. */
  testsTouched: z.array(z.string()).default([]),
  /** What the clean-up pass came to; null: there was none. */
  cleanUp: z.strictObject({ kept: z.boolean(), reason: z.string() }).nullable().default(null),
  /** What is said of the work, in one or two sentences; null: it is the conversation's code as it stands there. */
  summary: z.string().nullable().default(null),
  /** The model that the code was written with, as its endpoint calls it; null: no model was asked. */
  model: z.string().nullable().default(null),
  /** The person who worked on the branch and handed it back; null: nobody, the factory put its own commits there. */
  handedBackBy: z.string().nullable().default(null),
  /** The pasted change set that it was built from, as an artifact; null: the story's own, or none. */
  revision: z.string().nullable().default(null),
  /** What the host itself put into the change, such as the page of the run; see `ImportPolicy`. */
  hostFiles: z.array(z.strictObject({ path: z.string(), blob: z.string() })).default([]),
  packArtifact: z.string().nullable().default(null),
  modelNotes,
  /** Artifact of the diff as text. */
  diffArtifact: z.string(),
  /** Artifact of `thoughts.md`. */
  thoughtsArtifact: z.string(),
});
export type BuildResultPacket = z.infer<typeof BuildResultPacket>;
