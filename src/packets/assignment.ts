import * as z from 'zod';
import { evidence, packetHeader } from './packet.ts';

/** Tess to Piper: what is to be done, where, and from which words of the conversation. */
export const AssignmentPacket = packetHeader.extend({
  type: z.literal('assignment'),
  title: z.string(),
  narrative: z.string(),
  branch: z.string(),
  baseSha: z.string(),
  points: z.int(),
  evidence,
});
export type AssignmentPacket = z.infer<typeof AssignmentPacket>;
