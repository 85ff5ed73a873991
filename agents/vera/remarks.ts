import * as z from 'zod';
import type { StepContext } from '#src/code-factory/step.ts';
import type { PlanPacket } from '#src/packets/plan.ts';
import type { QaResultPacket } from '#src/packets/qa-result.ts';
import type { ScopePacket } from '#src/packets/scope.ts';
import { wrapOutsideText } from '#src/safety/wrap-outside-text.ts';
import { openThinking } from '../thinking/open-thinking.ts';
import { charactersIn } from '../thinking/window.ts';
import { modelNotesOf } from '../thinking/tell-notes.ts';
import { think } from '../thinking/think.ts';
import { modelWords } from '../tools/model-words.ts';
import { planText, scopeText } from '../tools/packet-texts.ts';
import type { StepTools } from '../tools/step-tools.ts';
import { MAX_REMARKS, REMARK_INSTRUCTIONS } from './instructions.ts';
import { vera } from './persona.ts';

const RemarksAnswer = z.strictObject({
  remarks: z.array(z.strictObject({ path: z.string().nullable(), text: z.string() })),
});
type RemarksAnswer = z.infer<typeof RemarksAnswer>;

const MAX_DIFF_CHARACTERS = 60_000;
/** Of the window. */
const DIFF_SHARE = 0.5;
const MAX_PACKET_CHARACTERS = 6_000;
/** Remarks are short, and no tools are needed for them. */
const MAX_ANSWER_TOKENS = 2_048;
const MAX_CALLS = 4;

interface Reviewed {
  plan: PlanPacket;
  scope: ScopePacket;
  diff: { text: string; paths: readonly string[] };
}

const NONE = { remarks: [], modelNotes: [] };

/**
 * What a model remarks on the diff. Never an error and never a wait: what goes wrong on the way leaves the lists empty.
 * Only an abort is passed on.
 */
export async function remarkOn(
  tools: StepTools,
  context: StepContext,
  read: () => Promise<Reviewed>,
): Promise<Pick<QaResultPacket, 'remarks' | 'modelNotes'>> {
  try {
    const thinking = await openThinking(tools, context, 'check', 'vera');
    if (thinking === null) return NONE;
    const { plan, scope, diff } = await read();
    const room = Math.min(MAX_DIFF_CHARACTERS, charactersIn(thinking.calls.windowTokens * DIFF_SHARE));
    const outside = (origin: string, text: string, maxCharacters: number, form: 'prose' | 'file' = 'prose'): string =>
      wrapOutsideText({ origin, text, maxCharacters, form });
    thinking.notes?.gaveText('The diff', diff.text);
    const answer = await think(
      {
        persona: vera,
        instructions: REMARK_INSTRUCTIONS,
        material: [
          outside('scope by Piper', scopeText(scope), MAX_PACKET_CHARACTERS),
          outside('plan by Mason', planText(plan), MAX_PACKET_CHARACTERS),
          outside('diff of the branch', diff.text, room, 'file'),
        ].join('\n\n'),
        answer: { name: 'remarks', schema: RemarksAnswer, problems: () => [] },
        tools: [],
        maxAnswerTokens: MAX_ANSWER_TOKENS,
        maxCalls: MAX_CALLS,
      },
      thinking,
    );
    return {
      remarks: takeRemarks(answer, diff.paths),
      modelNotes: await modelNotesOf(tools, context.task, thinking),
    };
  } catch (error) {
    context.signal.throwIfAborted();
    tools.log?.warn({ taskId: context.task.taskId, error: String(error) }, 'the diff was not remarked on');
    return NONE;
  }
}

/** What may stand in the packet: short words on the whole or on files of the diff. */
export function takeRemarks({ remarks }: RemarksAnswer, paths: readonly string[]): QaResultPacket['remarks'] {
  return remarks
    .filter(({ path }) => path === null || paths.includes(path))
    .map(({ path, text }) => ({ path, text: modelWords(text) }))
    .filter(({ text }) => text !== '')
    .slice(0, MAX_REMARKS);
}
