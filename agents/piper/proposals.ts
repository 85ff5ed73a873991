import * as z from 'zod';
import type { TaskBrief } from '#src/backlog/task-brief.ts';
import type { ScopePacket } from '#src/packets/scope.ts';
import type { ConversationMessage } from '#src/ports/conversation.ts';
import { readTestName } from '#src/qa/criterion-words.ts';
import { modelWords } from '../tools/model-words.ts';

const proposal = z.strictObject({
  text: z.string(),
  /** Numbers of messages, counted from 1 as people count them. */
  messages: z.array(z.int()),
});

/** What Piper's model may answer. */
export const ScopeProposals = z.strictObject({
  criteria: z.array(proposal),
  constraints: z.array(proposal),
  questions: z.array(proposal),
});
export type ScopeProposals = z.infer<typeof ScopeProposals>;
type Proposal = z.infer<typeof proposal>;

/** Of all kinds together: more would be a second story. */
export const MAX_ADDED = 8;
const REFUSED_CHARACTERS = 120;
/** Scripts without spaces between words, where words cannot be compared so. */
const UNSPACED = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}]/u;
/** What is refused is told in full up to here, and counted after it. */
const MAX_REFUSED_TOLD = 20;

export interface TakenProposals {
  added: Pick<ScopePacket, 'criteria' | 'constraints' | 'openQuestions'>;
  /** One sentence for each that was not taken. */
  refused: string[];
}

/** What a proposal may rest on. */
export interface Grounds {
  brief: TaskBrief;
  /** null: the conversation's words are gone; then only the messages that the story names count. */
  messages: readonly Pick<ConversationMessage, 'position' | 'speaker' | 'role' | 'text'>[] | null;
}

/**
 * Judges what a model proposes, by code: each proposal cites messages that exist and are about this task, and says
 * something that they speak of and that is not there yet. Nothing of the story itself is ever changed.
 */
export function takeProposals(proposals: ScopeProposals, grounds: Grounds): TakenProposals {
  const { brief } = grounds;
  const added: TakenProposals['added'] = { criteria: [], constraints: [], openQuestions: [] };
  const refused: string[] = [];
  const known = new Set(
    [...brief.criteria.map(({ text }) => text), ...brief.constraints, ...brief.openQuestions].map(fold),
  );
  let taken = 0;
  const take = (each: Proposal, mustBeSaid: boolean, keep: (text: string, evidence: number[]) => void): void => {
    const text = modelWords(each.text);
    const evidence = [...new Set(each.messages.map((number) => number - 1))].toSorted((a, b) => a - b);
    const objection = objectionTo(text, evidence, grounds, { known, mustBeSaid, isFull: taken >= MAX_ADDED });
    if (objection !== null) {
      refused.push(`“${modelWords(text, REFUSED_CHARACTERS)}”: ${objection}`);
      return;
    }
    known.add(fold(text));
    taken += 1;
    keep(text, evidence);
  };
  for (const each of proposals.criteria) {
    take(each, true, (text, evidence) => added.criteria.push({ id: `m${added.criteria.length + 1}`, text, evidence }));
  }
  for (const each of proposals.constraints) {
    take(each, true, (text, evidence) => added.constraints.push(`${text} (${cited(evidence)})`));
  }
  for (const each of proposals.questions) {
    take(each, false, (text, evidence) => added.openQuestions.push(`${text} (${cited(evidence)})`));
  }
  const rest = refused.length - MAX_REFUSED_TOLD;
  return {
    added,
    refused: rest > 0 ? [...refused.slice(0, MAX_REFUSED_TOLD), `And ${rest} more.`] : refused,
  };
}

function objectionTo(
  text: string,
  evidence: readonly number[],
  grounds: Grounds,
  { known, mustBeSaid, isFull }: { known: ReadonlySet<string>; mustBeSaid: boolean; isFull: boolean },
): string | null {
  if (text === '') return 'it says nothing.';
  if (known.has(fold(text))) return 'it is there already.';
  if (evidence.length === 0) return 'it cites no message.';
  const missing = evidence.filter((position) => !exists(position, grounds));
  if (missing.length > 0) return `there is no ${cited(missing)}.`;
  const own = ownMessages(grounds.brief);
  if (!evidence.some((position) => isAboutTask(position, own, grounds)))
    return `${cited(evidence)} ${evidence.length === 1 ? 'is' : 'are'} not about this task.`;
  if (mustBeSaid && grounds.messages !== null) {
    const messages = grounds.messages.filter(({ position }) => evidence.includes(position));
    if (messages.every(({ role, position }) => role === 'assistant' && !own.has(position)))
      return 'only an assistant said so, and nobody took it up.';
    if (!UNSPACED.test(text) && !messages.some((message) => sharesWord(wordsOf(text), message.text)))
      return `${cited(evidence)} ${evidence.length === 1 ? 'says' : 'say'} nothing of the kind.`;
  }
  return isFull ? `only ${MAX_ADDED} are taken at once.` : null;
}

function exists(position: number, { brief, messages }: Grounds): boolean {
  return messages === null
    ? Object.hasOwn(brief.speakers, String(position))
    : messages.some((message) => message.position === position);
}

/** It speaks of what the story speaks of; or it stands next to a message of the story, as an answer to its question. */
function isAboutTask(position: number, own: ReadonlySet<number>, { brief, messages }: Grounds): boolean {
  if ([position, position - 1, position + 1].some((near) => own.has(near))) return true;
  const message = messages?.find((each) => each.position === position);
  if (message === undefined) return false;
  const words = wordsOf([brief.title, brief.narrative, ...brief.criteria.map(({ text }) => text)].join(' '));
  return sharesWord(words, message.text);
}

/** The messages that the story rests on. */
export function ownMessages(brief: TaskBrief): Set<number> {
  const request = brief.changeSet?.requestPosition ?? -1;
  return new Set([
    ...brief.evidence,
    ...brief.criteria.flatMap(({ evidence }) => evidence),
    ...(request < 0 ? [] : [request]),
  ]);
}

function wordsOf(text: string): ReadonlySet<string> {
  const { words, numbers } = readTestName(text);
  return new Set([...words, ...numbers]);
}

function sharesWord(words: ReadonlySet<string>, text: string): boolean {
  return [...wordsOf(text)].some((word) => words.has(word));
}

function fold(text: string): string {
  return text
    .toLowerCase()
    .replaceAll(/[\s.!?]+/g, ' ')
    .trim();
}

function cited(positions: readonly number[]): string {
  const numbers = positions.map((position) => position + 1);
  return numbers.length === 1
    ? `message ${numbers[0]}`
    : `messages ${numbers.slice(0, -1).join(', ')} and ${numbers.at(-1)}`;
}
