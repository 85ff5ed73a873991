import { decideStep } from '#src/code-factory/decide.ts';
import type { Step } from '#src/code-factory/step.ts';
import { jsonArtifact } from '#src/ledger/artifact.ts';
import { ScopePacket } from '#src/packets/scope.ts';
import { readBrief } from '../tools/brief.ts';
import { packetHeaderOf, requireHash } from '../tools/packet-header.ts';
import { protectedPathsOf, repositoryOf, rulesAt } from '../tools/repository.ts';
import type { StepTools } from '../tools/step-tools.ts';

/** Says what counts as done, what limits the work, and what it must leave alone. */
export function createScope(tools: Pick<StepTools, 'unitOfWork' | 'workspace'>): Step {
  return async (context) => {
    const { task } = context;
    const brief = await readBrief(context);
    const repo = await repositoryOf(tools, task);
    const rules = await rulesAt(tools, repo, requireHash(task.branch?.baseSha ?? null, 'branch'));
    const packet = ScopePacket.parse({
      ...packetHeaderOf(task, 'piper', 'mason'),
      type: 'scope',
      criteria: brief.criteria.map(({ id, text, evidence }) => ({ id, text, evidence })),
      constraints: brief.constraints,
      protectedAreas: protectedPathsOf(rules),
      openQuestions: brief.openQuestions,
    });
    const artifact = jsonArtifact('packet', packet);
    return {
      artifacts: [artifact],
      decide: (now, step, meta) => decideStep({ type: 'record-scope', artifact: artifact.hash }, now, step, meta),
    };
  };
}
