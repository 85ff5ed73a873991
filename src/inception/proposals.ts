import type { Candidate } from './feature-book.ts';
import type { Said } from './statements.ts';
import { keyTokens, overlap } from './tokens.ts';

/** Something that somebody proposed and that waits for a person's word. */
export interface Proposal {
  candidate: Candidate;
  /** Its number in the proposer's list, from 1; null outside lists. */
  number: number | null;
}

export type Verdict = 'taken' | 'refused' | 'open';

const all = /\b(?:all(?: of (?:them|it|these|those))?|both|everything|the (?:whole )?list|each of them)\b/i;
const numbers =
  /^(?:\W|just|only|let's (?:do|go with|take)|i(?:'d| would) (?:take|like|go with)|go with|take|yes(?: to)?|ok(?:ay)?|options?|numbers?|points?|items?|nos?\.)*\s*((?:#?\d{1,2}(?:st|nd|rd|th)?\b[\s,&]*(?:and\s+)?)+)(?=$|[\s.,;:!-])/i;

/**
 * What a person's answer says of each proposal before it. A plain yes takes all; an answer in parts ("yes to reminders,
 * payments later", "1 and 3") is read part by part, and what it does not speak of stays open.
 */
export function readAnswer(proposals: readonly Proposal[], answer: Said): Verdict[] {
  const picked = pickByNumber(answer.prose);
  if (picked !== null && proposals.some((proposal) => proposal.number !== null && picked.has(proposal.number))) {
    return proposals.map((proposal) => (proposal.number !== null && picked.has(proposal.number) ? 'taken' : 'open'));
  }
  const parts = answer.prose
    .split(/[,.;!?\n]+|\s+(?:but|and|though|while|–|—)\s+/)
    .map((text) => ({ tokens: keyTokens(text), refuses: refuses(text) }));
  const verdicts = proposals.map(({ candidate }): Verdict => {
    const tokens = keyTokens(candidate.text);
    const about = parts.filter((part) => part.tokens.size > 0 && overlap(part.tokens, tokens) >= 0.5);
    if (about.length === 0) return 'open';
    return about.some((part) => part.refuses) ? 'refused' : 'taken';
  });
  const { reaction } = answer.reading;
  const spoken = verdicts.some((verdict) => verdict !== 'open');
  if (reaction === 'declines' && !spoken) return proposals.map(() => 'refused');
  if (reaction === 'complains' && !spoken) return verdicts;
  const takesAll = reaction === 'accepts' && (!verdicts.includes('taken') || all.test(answer.prose));
  return verdicts.map((verdict) => (verdict === 'open' && takesAll ? 'taken' : verdict));
}

function refuses(part: string): boolean {
  return /(?:^|\s)(?:no|not|don't|without|except|skip|drop|later|leave|forget|never|minus|rather not|isn't|won't)(?:\s|$)/i.test(
    part,
  );
}

function pickByNumber(prose: string): Set<number> | null {
  const words = /^(?:\W|just|only|the|let's do|yes,?)*\s*(first|second|third|last)(?: one)?\b/i.exec(prose);
  const ordinal = words === null ? -1 : ['first', 'second', 'third'].indexOf(words[1]?.toLowerCase() ?? '');
  if (ordinal >= 0) return new Set([ordinal + 1]);
  const match = numbers.exec(prose);
  return match === null ? null : new Set((match[1]?.match(/\d+/g) ?? []).map(Number));
}
