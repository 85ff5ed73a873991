import type { TaskBrief } from '#src/backlog/task-brief.ts';
import type { StepContext } from '#src/code-factory/step.ts';
import type { Artifact } from '#src/ledger/artifact.ts';
import type { ScopePacket } from '#src/packets/scope.ts';
import type { RepositoryRef, TreeEntry } from '#src/ports/workspace.ts';
import { think } from '../thinking/think.ts';
import type { ThinkDependencies } from '../thinking/assignment.ts';
import { codeTools } from '../thinking/tools/code-tools.ts';
import { modelWords } from '../tools/model-words.ts';
import { planText, scopeText } from '../tools/packet-texts.ts';
import { recordingLessons } from '../tools/lessons.ts';
import { packFor } from '../tools/pack.ts';
import type { StepTools } from '../tools/step-tools.ts';
import { openWorktree } from '../tools/worktree.ts';
import { ADD_TO_PLAN_INSTRUCTIONS, PLAN_INSTRUCTIONS } from './instructions.ts';
import { mason } from './persona.ts';
import { ROLLBACK } from './plan-change.ts';
import type { PlanContent } from './plan-content.ts';
import { PlanAnswer, planProblems } from './plan-problems.ts';

const MAX_RISKS = 10;

interface Planning {
  brief: TaskBrief;
  thinking: ThinkDependencies;
  scope: ScopePacket;
  repo: RepositoryRef;
  baseSha: string;
  tree: readonly TreeEntry[];
  /** The plan for the conversation's code; null: it holds none. */
  ofConversation: PlanContent | null;
}

/** Lets a model plan on a read-only checkout of the base. What it answers is held against the tree (`planProblems`). */
export async function thinkPlan(
  tools: StepTools,
  context: StepContext,
  { brief, thinking, scope, repo, baseSha, tree, ofConversation }: Planning,
): Promise<{ content: PlanContent; artifacts: readonly Artifact[] }> {
  const fixed = ofConversation?.fileTargets ?? [];
  const conversation = await tools.unitOfWork.conversations.get(context.task.conversationId);
  const messages = conversation === null ? null : new Set(conversation.messages.map(({ position }) => position));
  // Where the words are gone, only the messages that the story names are known.
  const hasMessage = (position: number): boolean =>
    messages === null ? Object.hasOwn(brief.speakers, String(position)) : messages.has(position);
  const pack = await packFor(tools, context, {
    persona: 'mason',
    step: 'plan',
    sha: baseSha,
    windowTokens: thinking.calls.windowTokens,
    packets: [
      { title: 'Scope by Piper', text: scopeText(scope) },
      ...(ofConversation === null
        ? []
        : [{ title: "Plan for the conversation's code", text: planText(ofConversation) }]),
    ],
    focus: fixed.map(({ path }) => path),
  });
  thinking.notes?.gavePack(pack.included);
  const worktree = await openWorktree(tools, repo, baseSha, context.signal);
  try {
    const answer = await think(
      {
        persona: mason,
        instructions: ofConversation === null ? PLAN_INSTRUCTIONS : ADD_TO_PLAN_INSTRUCTIONS,
        material: pack.text,
        answer: {
          name: 'plan',
          schema: PlanAnswer,
          problems: (value) => planProblems(value, { scope, tree, fixed, hasMessage }),
        },
        tools: codeTools(worktree, { mayEdit: () => 'A plan changes no file.', plan: null, sha: baseSha }),
      },
      recordingLessons(thinking, context.task, pack),
    );
    const content = ofConversation === null ? planOf(answer) : addTo(ofConversation, answer);
    return { content: { ...content, packArtifact: pack.artifact.hash }, artifacts: [pack.artifact] };
  } finally {
    await worktree.dispose();
  }
}

function planOf(answer: PlanAnswer): PlanContent {
  return {
    steps: answer.steps.map(({ text, files }) => ({ text: modelWords(text), files })),
    fileTargets: answer.fileTargets.map(({ path, action, why, messages }) => ({
      path,
      action,
      why: modelWords(why),
      evidence: [...new Set(messages.map((number) => number - 1))],
    })),
    criteriaCovered: [...new Set(answer.criteriaCovered)],
    tests: answer.tests,
    docs: answer.docs,
    risks: answer.risks.slice(0, MAX_RISKS).map((risk) => modelWords(risk)),
    rollback: modelWords(answer.rollback) || ROLLBACK,
    packArtifact: null,
  };
}

/** The conversation's plan as it is, and behind it what the model adds. */
function addTo(base: PlanContent, answer: PlanAnswer): PlanContent {
  const fixed = new Set(base.fileTargets.map(({ path }) => path));
  const added = planOf({ ...answer, fileTargets: answer.fileTargets.filter(({ path }) => !fixed.has(path)) });
  const paths = new Set(added.fileTargets.map(({ path }) => path));
  const [checking, ...before] = base.steps.toReversed();
  const steps = added.steps
    .map((step) => ({ ...step, files: step.files.filter((path) => paths.has(path)) }))
    .filter(({ files }) => files.length > 0);
  return {
    ...base,
    steps: [...before.toReversed(), ...steps, ...(checking === undefined ? [] : [checking])],
    fileTargets: [...base.fileTargets, ...added.fileTargets],
    criteriaCovered: [...new Set([...base.criteriaCovered, ...added.criteriaCovered])],
    tests: [...new Set([...base.tests, ...added.tests.filter((path) => paths.has(path))])],
    docs: [...new Set([...base.docs, ...added.docs.filter((path) => paths.has(path))])],
    risks: [...base.risks, ...added.risks],
  };
}
