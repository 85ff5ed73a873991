import { editsOf } from '#src/backlog/task-brief.ts';
import type { TaskBrief } from '#src/backlog/task-brief.ts';
import { decideStep } from '#src/code-factory/decide.ts';
import type { Step, StepContext } from '#src/code-factory/step.ts';
import { FactoryError } from '#src/errors.ts';
import { jsonArtifact } from '#src/ledger/artifact.ts';
import type { Artifact } from '#src/ledger/artifact.ts';
import { PlanPacket } from '#src/packets/plan.ts';
import { ScopePacket } from '#src/packets/scope.ts';
import type { RepositoryRef } from '#src/ports/workspace.ts';
import { openThinking } from '../thinking/open-thinking.ts';
import type { ThinkDependencies } from '../thinking/assignment.ts';
import { modelNotesOf } from '../thinking/tell-notes.ts';
import { readBrief } from '../tools/brief.ts';
import { needsSandbox } from '../tools/needs-sandbox.ts';
import { packetHeaderOf, readPacket, requireHash } from '../tools/packet-header.ts';
import { repositoryOf } from '../tools/repository.ts';
import type { StepTools } from '../tools/step-tools.ts';
import { planChange } from './plan-change.ts';
import { planRevert } from './plan-revert.ts';
import type { PlanContent } from './plan-content.ts';
import { thinkPlan } from './think-plan.ts';

/**
 * Plans against the tree that the branch started from: what is new, what is replaced, what could go wrong. Code that
 * the conversation holds is planned by rule; a model adds to that, or plans what nobody has written yet.
 */
export function createPlan(tools: StepTools): Step {
  return async (context) => {
    const thinking = await openThinking(tools, context, 'plan', 'mason');
    if (thinking === null) return plan(tools, context, null);
    // Only what a model reads is checked out.
    return needsSandbox(tools, async (inside) => plan(tools, inside, thinking))(context);
  };
}

async function plan(tools: StepTools, context: StepContext, thinking: ThinkDependencies | null): ReturnType<Step> {
  const { task } = context;
  const brief = await readBrief(context);
  const scope = await readPacket(context, task.artifacts.scope, 'scope', ScopePacket);
  const repo = await repositoryOf(tools, task);
  const baseSha = requireHash(task.branch?.baseSha ?? null, 'branch');
  const tree = await tools.workspace.listTree(repo, baseSha);
  const reverting = await planOfRevert(tools, task, repo, { brief, scope });
  const ofConversation =
    editsOf(brief).length === 0 ? null : planChange(brief, scope, new Set(tree.map((entry) => entry.path)));
  let planned: { content: PlanContent; artifacts: readonly Artifact[] };
  if (reverting !== null) planned = { content: reverting, artifacts: [] };
  else if (thinking !== null)
    planned = await thinkPlan(tools, context, { brief, thinking, scope, repo, baseSha, tree, ofConversation });
  else if (ofConversation !== null) planned = { content: ofConversation, artifacts: [] };
  else throw noCode(brief.title);
  const packet = PlanPacket.parse({
    ...packetHeaderOf(task, 'mason', 'vera'),
    type: 'plan',
    ...planned.content,
    modelNotes: thinking === null ? [] : await modelNotesOf(tools, task, thinking),
  });
  const artifact = jsonArtifact('packet', packet);
  return {
    artifacts: [artifact, ...planned.artifacts],
    decide: (now, step, meta) => decideStep({ type: 'record-plan', artifact: artifact.hash }, now, step, meta),
  };
}

/** null: this task takes nothing back. */
async function planOfRevert(
  tools: StepTools,
  { reverts }: StepContext['task'],
  repo: RepositoryRef,
  { brief, scope }: { brief: TaskBrief; scope: ScopePacket },
): Promise<PlanContent | null> {
  if (reverts === null || brief.reverts === undefined) return null;
  const { baseSha, headSha } = reverts.landed;
  return planRevert(brief.reverts, scope, await tools.workspace.diff(repo, baseSha, headSha));
}

function noCode(title: string): FactoryError {
  return new FactoryError('no-code', `The conversation holds no code for "${title}", and no model may write it.`, {
    fix: 'Paste the code into this thread with the name of its file, set OPENAI_MODEL, or take the story yourself.',
  });
}
