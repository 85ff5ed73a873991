import { decideStep } from '#src/code-factory/decide.ts';
import type { Step } from '#src/code-factory/step.ts';
import { jsonArtifact } from '#src/ledger/artifact.ts';
import { ScopePacket } from '#src/packets/scope.ts';
import { openThinking } from '../thinking/open-thinking.ts';
import { readBrief } from '../tools/brief.ts';
import { packetHeaderOf, requireHash } from '../tools/packet-header.ts';
import { protectedPathsOf, repositoryOf, rulesAt } from '../tools/repository.ts';
import type { StepTools } from '../tools/step-tools.ts';
import { refineScope, UNREFINED } from './refine-scope.ts';

/**
 * Says what counts as done, what limits the work, and what it must leave alone. What the story holds stays as it is;
 * a model may add to it, each addition with the messages that it rests on.
 */
export function createScope(tools: StepTools): Step {
  return async (context) => {
    const { task } = context;
    const brief = await readBrief(context);
    const repo = await repositoryOf(tools, task);
    const baseSha = requireHash(task.branch?.baseSha ?? null, 'branch');
    const rules = await rulesAt(tools, repo, baseSha);
    const thinking = await openThinking(tools, context, 'scope', 'piper');
    const refined = thinking === null ? UNREFINED : await refineScope(tools, context, { thinking, brief, baseSha });
    const { added, refused, modelNotes } = refined;
    const packet = ScopePacket.parse({
      ...packetHeaderOf(task, 'piper', 'mason'),
      type: 'scope',
      criteria: [...brief.criteria.map(({ id, text, evidence }) => ({ id, text, evidence })), ...added.criteria],
      constraints: [...brief.constraints, ...added.constraints],
      protectedAreas: protectedPathsOf(rules),
      openQuestions: [...brief.openQuestions, ...added.openQuestions],
      refused,
      modelNotes,
    });
    const artifact = jsonArtifact('packet', packet);
    return {
      artifacts: [artifact, ...refined.artifacts],
      decide: (now, step, meta) => decideStep({ type: 'record-scope', artifact: artifact.hash }, now, step, meta),
    };
  };
}
