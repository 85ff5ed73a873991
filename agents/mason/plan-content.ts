import type { PacketHeader } from '#src/packets/packet.ts';
import type { PlanPacket } from '#src/packets/plan.ts';

/** A plan without its header, and without what is told of the model. */
export type PlanContent = Omit<PlanPacket, keyof PacketHeader | 'type' | 'modelNotes'>;
