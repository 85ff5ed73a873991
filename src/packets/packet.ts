import * as z from 'zod';

/** Fields that every packet carries: who hands what to whom, in which pass of which task. */
export const packetHeader = z.strictObject({
  version: z.literal(1),
  taskId: z.uuid(),
  runId: z.uuid(),
  /** 1 for the first attempt of a run. */
  attempt: z.int().min(1),
  from: z.enum(['tess', 'piper', 'mason', 'ollan', 'vera', 'moltbot']),
  to: z.enum(['tess', 'piper', 'mason', 'ollan', 'vera', 'moltbot', 'person']),
});
export type PacketHeader = z.infer<typeof packetHeader>;

/** A sentence of the conversation that a line of a packet rests on. */
export const evidence = z.array(z.int().min(0));

/** What people should know of a model's part in a packet, one sentence each. None where no model was asked. */
export const modelNotes = z.array(z.string()).default([]);

export const criterion = z.strictObject({ id: z.string(), text: z.string(), evidence });
