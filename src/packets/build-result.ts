import * as z from 'zod';
import { packetHeader } from './packet.ts';

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
  /** Artifact of the diff as text. */
  diffArtifact: z.string(),
  /** Artifact of `thoughts.md`. */
  thoughtsArtifact: z.string(),
});
export type BuildResultPacket = z.infer<typeof BuildResultPacket>;
