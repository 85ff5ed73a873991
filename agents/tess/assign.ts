import { decideStep } from '#src/code-factory/decide.ts';
import type { Step } from '#src/code-factory/step.ts';
import { jsonArtifact } from '#src/ledger/artifact.ts';
import { AssignmentPacket } from '#src/packets/assignment.ts';
import { readBrief } from '../tools/brief.ts';
import { packetHeaderOf, requireHash } from '../tools/packet-header.ts';

/** Hands the task to Piper. */
export const assign: Step = async (context) => {
  const { task } = context;
  const brief = await readBrief(context);
  const packet = AssignmentPacket.parse({
    ...packetHeaderOf(task, 'tess', 'piper'),
    type: 'assignment',
    title: brief.title,
    narrative: brief.narrative,
    branch: requireHash(task.branch?.name ?? null, 'branch'),
    baseSha: requireHash(task.branch?.baseSha ?? null, 'branch'),
    points: brief.points,
    evidence: brief.evidence,
  });
  const artifact = jsonArtifact('packet', packet);
  return {
    artifacts: [artifact],
    decide: (now, step, meta) => decideStep({ type: 'record-assignment', artifact: artifact.hash }, now, step, meta),
  };
};
