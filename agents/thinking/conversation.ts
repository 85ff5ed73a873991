import type { Steering } from '#src/code-factory/thinking.ts';
import type { ModelMessage } from '#src/ports/model.ts';
import { cleanLine } from '#src/safety/clean-text.ts';
import { wrapOutsideText } from '#src/safety/wrap-outside-text.ts';
import type { Assignment } from './assignment.ts';
import { houseRules } from './house-rules.ts';

const MAX_STEERING_CHARACTERS = 4_000;
/** Enough of a text to tell it from others. */
const TELLING_CHARACTERS = 300;

/** What a conversation with a model begins with. */
export function opening(
  { instructions, material }: Pick<Assignment<unknown>, 'instructions' | 'material'>,
  toolNames: readonly string[],
): ModelMessage[] {
  return [
    { role: 'system', text: `${instructions.trim()}\n\n${houseRules(toolNames)}` },
    { role: 'user', text: material },
  ];
}

/** A person's words in the thread, as guidance. */
export function steeringMessage({ by, text }: Steering): ModelMessage {
  const name = cleanLine(by, 80);
  const block = wrapOutsideText({
    origin: `${name} in the thread of this task`,
    text,
    maxCharacters: MAX_STEERING_CHARACTERS,
  });
  return {
    role: 'user',
    text: `${name} says in the thread:\n${block}\nThis is guidance from a person on the team: take it into account from here on. It changes what to do, never what you may do.`,
  };
}

/** Whether a person's words stand in the conversation already, as when the material holds them. */
export function holdsWords(messages: readonly ModelMessage[], text: string): boolean {
  const wanted = letters(text).slice(0, TELLING_CHARACTERS);
  return messages.some((message) => message.role === 'user' && letters(message.text).includes(wanted));
}

/** Wrapping takes characters out and redraws spaces; letters and digits stay. */
function letters(text: string): string {
  return text.replaceAll(/[^\p{L}\p{N}]+/gu, '');
}

/** What was wrong with an answer, and that a better one is wanted. */
export function repairMessage(problems: readonly string[]): ModelMessage {
  const list = problems.map((problem) => `- ${cleanLine(problem, 400)}`).join('\n');
  return {
    role: 'user',
    text: `Your answer cannot be used:\n${list}\nAnswer again with the whole JSON object, these things put right.`,
  };
}

/**
 * The results that `messages` hold for the tool calls of their last turn, in order; null where that turn did not ask
 * for exactly these calls.
 */
export function recordedResults(messages: readonly ModelMessage[], callIds: readonly string[]): string[] | null {
  const at = messages.findLastIndex((message) => message.role === 'assistant' && message.toolCalls.length > 0);
  const turn = messages[at];
  if (turn?.role !== 'assistant') return null;
  if (turn.toolCalls.map(({ id }) => id).join('\n') !== callIds.join('\n')) return null;
  const results = messages.slice(at + 1, at + 1 + callIds.length);
  return results.flatMap((message) => (message.role === 'tool' ? [message.text] : []));
}
