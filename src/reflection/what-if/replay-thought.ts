import { FactoryError } from '#src/errors.ts';
import { canonicalJson } from '#src/ledger/canonical-json.ts';
import type { ModelAnswer, ModelMessage, ModelRequest, ToolCall } from '#src/ports/model.ts';
import type { Applied } from './apply-change.ts';
import type { Craft } from './change.ts';
import { callKey, compareAnswers, compareCalls, saysTheSame } from './compare.ts';
import type { Difference } from './compare.ts';
import type { Thought, Turn } from './recorded-thoughts.ts';

/** After so many tools that the run never asked for, nothing is left to compare with. */
const MAX_NOT_RUN = 3;
/** A model that goes round among what was recorded is ended so many answers after the run's own end. */
const MORE_ANSWERS = 5;
const NOT_RUN =
  'Not run: this work is being replayed, and the run that it replays never asked for this. Go on with what you have seen.';

/** A model's part in a what-if. */
export interface Asker {
  readonly windowTokens: number;
  /** Throws FactoryError: those of `ModelCalls.ask`. */
  ask(request: ModelRequest): Promise<{ answer: ModelAnswer; costMicroUsd: number }>;
}

export interface Spent {
  answers: number;
  tokens: number;
  costMicroUsd: number;
}

/** How a thought would have gone. `not-compared`: from some point on nothing that was recorded tells. */
export interface Replayed {
  outcome: 'same' | 'differs' | 'not-compared';
  why: string | null;
  /** The answer with which it went another way, counted from 1; null: it never did. */
  leftAt: number | null;
  differences: Difference[];
  /** Asked for, and never run. */
  notRun: ToolCall[];
  then: Spent;
  now: Spent;
}

type Ending = Pick<Replayed, 'outcome' | 'why'> & { differences?: Difference[] };

/**
 * Thinks a recorded thought once more. As long as the answers are those of the run, each question is the recorded one
 * with the change; from the first other answer on, tools give what they gave in the run where they are asked for the
 * same, and are not run where they are not. Where a question is the recorded one to the byte, so is its answer.
 */
export async function replayThought(
  { turns }: { turns: NonNullable<Thought['turns']> },
  { request: change, model }: Pick<Applied, 'request' | 'model'>,
  { open, craft }: { open(model: string): Asker; craft: Craft },
): Promise<Replayed> {
  const then = spentOn(turns.map(({ answer, costMicroUsd }) => ({ answer, costMicroUsd })));
  const said: { answer: ModelAnswer; costMicroUsd: number }[] = [];
  const calls: ToolCall[] = [];
  const notRun: ToolCall[] = [];
  const toldThen = turns.flatMap(({ answer }) => answer.toolCalls);
  const results = createResults(turns);
  const recordedEnd = turns.at(-1)?.answer;
  let asker: Asker | null = null;
  let leftAt: number | null = null;
  let request: ModelRequest | null = null;

  const ask = async (turn: Turn, question: ModelRequest, isRecorded: boolean) => {
    const name = model(turn);
    if (isRecorded && name === turn.model) return { answer: turn.answer, costMicroUsd: turn.costMicroUsd };
    asker ??= open(name);
    return asker.ask(isRecorded ? question : craft.fitWindow(question, asker.windowTokens));
  };
  const end = ({ outcome, why, differences = [] }: Ending): Replayed => {
    const ofTools = leftAt === null ? [] : compareCalls(toldThen, calls);
    return { outcome, why, leftAt, differences: [...differences, ...ofTools], notRun, then, now: spentOn(said) };
  };

  for (const limit = turns.length + MORE_ANSWERS; said.length < limit; ) {
    const turn: Turn | undefined = turns[Math.min(said.length, turns.length - 1)];
    if (turn === undefined) break;
    const recorded = leftAt === null ? change(turn.request) : null;
    const question: ModelRequest = recorded ?? request ?? turn.request;
    const isRecorded = recorded !== null && canonicalJson(recorded) === canonicalJson(turn.request);
    let one: { answer: ModelAnswer; costMicroUsd: number };
    try {
      one = await ask(turn, question, isRecorded);
    } catch (error) {
      if (!(error instanceof FactoryError) || error.code !== 'model-window-too-small') throw error;
      return end({ outcome: 'not-compared', why: 'It does not fit into the window of the model any more.' });
    }
    said.push(one);
    const { answer } = one;
    calls.push(...answer.toolCalls);
    if (leftAt === null && saysTheSame(answer, turn.answer)) {
      if (said.length === turns.length) return end({ outcome: 'same', why: null });
      for (const call of answer.toolCalls) results.next(call);
      continue;
    }
    leftAt ??= said.length;
    if (answer.toolCalls.length === 0) {
      const ending = await judgeEnd(recordedEnd, answer, turn.request.answer, craft);
      return end(ending.outcome === 'same' && notRun.length > 0 ? { ...ending, outcome: 'differs' } : ending);
    }
    const given: ModelMessage[] = answer.toolCalls.map((call) => {
      const result = results.next(call);
      if (result === null) notRun.push(call);
      return { role: 'tool', callId: call.id, text: result ?? NOT_RUN };
    });
    if (notRun.length >= MAX_NOT_RUN) {
      return end({
        outcome: 'not-compared',
        why: `It asked for ${notRun.length} things that the run never asked for.`,
      });
    }
    const saidNow: ModelMessage = { role: 'assistant', text: answer.text, toolCalls: answer.toolCalls };
    request = { ...question, messages: [...question.messages, saidNow, ...given] };
  }
  return end({ outcome: 'not-compared', why: `It came to no end within ${said.length} answers.` });
}

async function judgeEnd(
  then: ModelAnswer | undefined,
  now: ModelAnswer,
  shape: ModelRequest['answer'],
  craft: Craft,
): Promise<Ending> {
  if (now.finish === 'refused') return { outcome: 'differs', why: 'The model declines.' };
  if (now.finish === 'length') return { outcome: 'not-compared', why: 'Its answer was cut off.' };
  const read = await craft.readAnswer(now.text, shape);
  if (!read.ok) {
    const [problem = ''] = read.problems;
    return {
      outcome: 'not-compared',
      why: `Its answer could not be used, and a run would have asked again: ${problem}`,
    };
  }
  const before = then === undefined || then.toolCalls.length > 0 ? null : await craft.readAnswer(then.text, shape);
  if (before === null || !before.ok) return { outcome: 'not-compared', why: 'The run came to no answer here.' };
  const differences = compareAnswers(before.value, read.value);
  return { outcome: differences.length === 0 ? 'same' : 'differs', why: null, differences };
}

/** What tools gave in the run, by what they were asked for; asked more often than then, the last result stands. */
function createResults(turns: readonly Turn[]): { next(call: ToolCall): string | null } {
  const found = new Map<string, string[]>();
  turns.forEach(({ answer }, index) => {
    const after = turns[index + 1]?.request.messages ?? [];
    const since = after.slice(after.findLastIndex(({ role }) => role === 'assistant') + 1);
    const results = since.filter((message) => message.role === 'tool');
    answer.toolCalls.forEach((call, at) => {
      const result = results[at];
      if (result === undefined) return;
      found.set(callKey(call), [...(found.get(callKey(call)) ?? []), result.text]);
    });
  });
  return {
    next(call) {
      const given = found.get(callKey(call));
      if (given === undefined) return null;
      return (given.length > 1 ? given.shift() : given[0]) ?? null;
    },
  };
}

function spentOn(said: readonly { answer: ModelAnswer; costMicroUsd: number }[]): Spent {
  return {
    answers: said.length,
    tokens: said.reduce((sum, { answer: { usage } }) => sum + usage.inputTokens + usage.outputTokens, 0),
    costMicroUsd: said.reduce((sum, { costMicroUsd }) => sum + costMicroUsd, 0),
  };
}
