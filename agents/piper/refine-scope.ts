import type { TaskBrief } from '#src/backlog/task-brief.ts';
import type { StepContext } from '#src/code-factory/step.ts';
import type { Artifact } from '#src/ledger/artifact.ts';
import { modelNotesOf } from '../thinking/tell-notes.ts';
import { think } from '../thinking/think.ts';
import type { ThinkDependencies } from '../thinking/assignment.ts';
import { charactersIn } from '../thinking/window.ts';
import { recordingLessons } from '../tools/lessons.ts';
import { packFor } from '../tools/pack.ts';
import type { StepTools } from '../tools/step-tools.ts';
import { SCOPE_INSTRUCTIONS } from './instructions.ts';
import { messageText } from './message-text.ts';
import { piper } from './persona.ts';
import { ownMessages, ScopeProposals, takeProposals } from './proposals.ts';
import type { Grounds, TakenProposals } from './proposals.ts';

export interface RefinedScope extends TakenProposals {
  modelNotes: readonly string[];
  artifacts: readonly Artifact[];
}

/** No model was asked. */
export const UNREFINED: RefinedScope = {
  added: { criteria: [], constraints: [], openQuestions: [] },
  refused: [],
  modelNotes: [],
  artifacts: [],
};

const MAX_PACK_TOKENS = 16_000;
/** Of the conversation beside the pack; the messages nearest to the story come first. */
const MAX_CONVERSATION_CHARACTERS = 24_000;
/** Of the window. */
const CONVERSATION_SHARE = 0.25;
const MAX_MESSAGE_CHARACTERS = 2_000;

/** Lets a model propose what the story lacks; what it proposes is judged by `takeProposals`. */
export async function refineScope(
  tools: StepTools,
  context: StepContext,
  { thinking, brief, baseSha }: { thinking: ThinkDependencies; brief: TaskBrief; baseSha: string },
): Promise<RefinedScope> {
  const conversation = await tools.unitOfWork.conversations.get(context.task.conversationId);
  const messages = conversation === null ? null : conversation.messages;
  const pack = await packFor(tools, context, {
    persona: 'piper',
    step: 'scope',
    sha: baseSha,
    windowTokens: thinking.calls.windowTokens,
    maxTokens: MAX_PACK_TOKENS,
  });
  thinking.notes?.gavePack(pack.included);
  const proposals = await think(
    {
      persona: piper,
      instructions: SCOPE_INSTRUCTIONS,
      material: [pack.text, ...conversationMaterial({ brief, messages }, thinking)].join('\n\n'),
      answer: { name: 'scope_proposals', schema: ScopeProposals, problems: () => [] },
      tools: [],
    },
    recordingLessons(thinking, context.task, pack),
  );
  return {
    ...takeProposals(proposals, { brief, messages }),
    modelNotes: await modelNotesOf(tools, context.task, thinking),
    artifacts: [pack.artifact],
  };
}

/** The conversation as far as it fits, in its own order; what lies far from the story is left out first. */
function conversationMaterial({ brief, messages }: Grounds, { calls, notes }: ThinkDependencies): string[] {
  if (messages === null || messages.length === 0) return [];
  const own = [...ownMessages(brief)];
  const distance = (position: number) => Math.min(...own.map((each) => Math.abs(each - position)), messages.length);
  let left = Math.min(MAX_CONVERSATION_CHARACTERS, charactersIn(calls.windowTokens * CONVERSATION_SHARE));
  const shown = new Set<number>();
  for (const { position, text } of messages.toSorted((a, b) => distance(a.position) - distance(b.position))) {
    left -= Math.min(text.length, MAX_MESSAGE_CHARACTERS) + 100;
    if (left < 0) break;
    shown.add(position);
  }
  for (const { position, speaker, text } of messages)
    if (shown.has(position)) notes?.gaveText(`Message ${position + 1} by ${speaker}`, text);
  const omitted = messages.length - shown.size;
  return [
    `The conversation, ${messages.length} messages${omitted === 0 ? '' : `; ${omitted} of them are left out here`}:`,
    ...messages
      .filter(({ position }) => shown.has(position))
      .map((message) => messageText(message, MAX_MESSAGE_CHARACTERS)),
  ];
}
