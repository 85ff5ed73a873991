import { addEvidence, type Entry, type FeatureBook } from './feature-book.ts';
import { createFeatureText } from './feature-text.ts';
import { namedPriority } from './lexicon.ts';
import { keyTokens, likeness, overlap } from './tokens.ts';
import type { Withdrawal } from './withdraw.ts';

/** Enough of a named target in one feature to be sure that this one is meant. */
const meantAt = 0.66;
/** A one-word target means every feature in which that word is at least this much of the whole. */
const oneWordShare = 0.25;

/**
 * Takes back or puts off what a sentence names, or, when it only points, what was spoken of last. Returns what it changed.
 * A thing that is taken out of scope by name is kept as removed even when nobody had asked for it, so that nothing later
 * brings it in by accident.
 */
export function applyWithdrawal(
  book: FeatureBook,
  withdrawal: Withdrawal,
  focus: readonly Entry[],
  position: number,
): Entry[] {
  const meant = withdrawal.target === null ? [...focus] : findMeant(book, withdrawal.target);
  if (meant.length === 0) return withdrawal.target === null ? [] : recordRemoved(book, withdrawal, position);
  for (const entry of meant) change(entry, withdrawal, position);
  return meant;
}

function change({ feature }: Entry, { kind, sentence }: Withdrawal, position: number): void {
  addEvidence(feature, position);
  const grade = namedPriority(sentence);
  // "Let's take this out of the MVP, it's a should-have" grades it; a graded thing is still wanted.
  if (
    grade !== null &&
    grade !== 'wont' &&
    (kind === 'deferred' || /\b(?:mvp|minimum viable|first version)\b/i.test(sentence))
  ) {
    feature.priority = grade;
    feature.inMvp = false;
    return;
  }
  feature.status = kind === 'removed' || feature.status === 'removed' ? 'removed' : 'deferred';
  feature.withdrawnBy = position;
  feature.inMvp = false;
  if (feature.status === 'removed') feature.priority = 'wont';
}

function findMeant(book: FeatureBook, target: string): Entry[] {
  const tokens = keyTokens(target);
  if (tokens.size === 0) return [];
  const near = book.near(tokens).filter((entry) => covers(entry, tokens) >= (tokens.size === 1 ? 1 : meantAt));
  if (tokens.size > 1) return near.slice(0, 1);
  const close = near.filter((entry) => likeness(entry.tokens, tokens) >= oneWordShare);
  return close.length > 0 ? close : near.slice(0, 1);
}

/** How much of the target the feature holds; a short feature inside a long target counts as well. */
function covers(entry: Entry, tokens: ReadonlySet<string>): number {
  let shared = 0;
  for (const token of tokens) if (entry.tokens.has(token)) shared += 1;
  return Math.max(shared / tokens.size, entry.tokens.size >= 2 ? overlap(entry.tokens, tokens) : 0);
}

const outOfScope =
  /\b(?:out of scope|off the table|no need for|drop|dropped|scrap|removed|let's not|won't (?:build|have|do|support)|not (?:needed|required|necessary)|required|cut|cancel|excluded?|abandon)\b/i;

function recordRemoved(book: FeatureBook, withdrawal: Withdrawal, position: number): Entry[] {
  const words = withdrawal.target?.split(' ').length ?? 0;
  if (withdrawal.kind !== 'removed' || words > 6 || !outOfScope.test(withdrawal.sentence)) return [];
  const entry = book.add({
    text: createFeatureText(withdrawal.target ?? ''),
    persona: null,
    priority: 'wont',
    basis: 'stated',
    inMvp: false,
    evidence: [position],
    maybe: false,
    rank: 1,
  });
  if (entry === null) return [];
  change(entry, withdrawal, position);
  return [entry];
}

/** Only plain words bring a withdrawn feature back. */
export function isBroughtBack(sentence: string): boolean {
  return /\b(?:after all|bring (?:it|that|this)? ?back|back in|re-?add|still want|do want|do need)\b/i.test(sentence);
}
