import { addEvidence, type Entry, type FeatureBook } from './feature-book.ts';
import { createFeatureText } from './feature-text.ts';
import { isMeetingTalk, namedPriority, priorityOf } from './lexicon.ts';
import { keyTokens, likeness, overlap } from './tokens.ts';
import type { Withdrawal } from './withdraw.ts';

/** Enough of a named target in one feature to be sure that this one is meant. */
const meantAt = 0.66;
/** A one-word target means every feature in which that word is at least this much of the whole. */
const oneWordShare = 0.25;

/**
 * Takes back or puts off what a sentence names, or, when it only points, what was spoken of last. Returns what it changed.
 * A thing that is taken out of scope or put off by name is kept as such even when nobody had asked for it, so that nothing
 * later brings it in by accident.
 */
export function applyWithdrawal(
  book: FeatureBook,
  withdrawal: Withdrawal,
  focus: readonly Entry[],
  position: number,
): Entry[] {
  const meant = withdrawal.target === null ? [...focus] : findMeant(book, withdrawal.target);
  if (meant.length === 0) return withdrawal.target === null ? [] : recordNamed(book, withdrawal, position);
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

/** What a loose sentence leaves where a thing should stand. */
const notAThing =
  /^(?:we|you|i|it|they|he|she|there|here|how|why|if|because|maybe|perhaps|everything|nothing|something|more|all|some|others?|the rest|(?:to )?(?:meet|talk|discuss|see|chat|hear|know|start|check|go|speak|look|decide|ask|try))\b/i;

const outOfScope =
  /\b(?:out of scope|off the table|leave (?:\S+ ){1,5}out|leave out|no need for|drop|dropped|scrap|removed|let's not|won't (?:build|have|do|support)|not (?:needed|required|necessary)|required|cut|cancel|excluded?|abandon)\b/i;

/** Words of somebody who names a thing of the product for a later version, not of somebody who plans the talk. */
const forLater =
  /^(?:and |but |also |so |maybe |perhaps )*(?:later|some ?day|eventually|down the road)\b|\bcan wait$|\b(?:mvp|first (?:version|release)|v ?[12]|version (?:[12]|one|two)|(?:next|later|future) (?:version|release|iteration|milestone)|phase (?:2|two)|(?:would|might|could) be (?:a )?(?:nice|great|good|cool|useful|handy|helpful|lovely|neat))\b/i;
const maxNamedWords = { removed: 6, deferred: 10 };

/** A thing that is named only to leave it out or put it off is kept as such, so that nothing later takes it for new. */
function recordNamed(book: FeatureBook, withdrawal: Withdrawal, position: number): Entry[] {
  const { kind, sentence, target } = withdrawal;
  const words = target?.split(' ').length ?? 0;
  const named = (kind === 'removed' ? outOfScope : forLater).test(sentence.replace(/[.!\s]+$/, ''));
  if (!named || words > maxNamedWords[kind]) return [];
  if (kind === 'deferred' && (isMeetingTalk(sentence) || notAThing.test(target ?? ''))) return [];
  const entry = book.add({
    text: createFeatureText(target ?? ''),
    persona: null,
    priority: kind === 'removed' ? 'wont' : priorityOf(sentence),
    basis: 'stated',
    inMvp: false,
    evidence: [position],
    maybe: false,
    rank: 1,
  });
  if (entry === null) return [];
  if (kind === 'removed') change(entry, withdrawal, position);
  else [entry.feature.status, entry.feature.withdrawnBy, entry.feature.inMvp] = ['deferred', position, false];
  return [entry];
}

/** Only plain words bring a withdrawn feature back. */
export function isBroughtBack(sentence: string): boolean {
  return /\b(?:after all|bring (?:it|that|this)? ?back|back in|re-?add|still want|do want|do need)\b/i.test(sentence);
}
