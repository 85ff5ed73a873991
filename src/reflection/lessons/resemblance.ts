import type { LessonRow } from '#src/ledger/reflection-rows.ts';
import { readableForm } from './policy/readable-form.ts';

/** What two lessons are compared by. */
export type Compared = Pick<LessonRow, 'scopeKind' | 'scopeKey' | 'repoId' | 'fingerprint' | 'text'>;

/**
 * Whether both say the same: they are about the same failure for the same work, or use the same words in the same order
 * but for articles, endings and what only stresses them. Whatever is in doubt is two lessons, which people can tell
 * apart; what was merged they could not.
 */
export function isSameLesson(one: Compared, other: Compared): boolean {
  if (one.scopeKind !== other.scopeKind || one.scopeKey !== other.scopeKey) return false;
  if (one.fingerprint !== null && one.fingerprint === other.fingerprint && one.repoId === other.repoId) return true;
  const words = sentencesOf(one.text).map(sentenceKey);
  return words.length > 0 && words.join('|') === sentencesOf(other.text).map(sentenceKey).join('|');
}

/**
 * Whether following one is plainly to break the other: for work that both are for, a sentence of each is about the same
 * words, and one says yes where the other says no, or `before` where the other says `after`.
 */
export function contradicts(one: Compared, other: Compared): boolean {
  if (!isForSameWork(one, other)) return false;
  const others = sentencesOf(other.text);
  return sentencesOf(one.text).some((sentence) =>
    others.some((against) => sentence.isNo !== against.isNo && isAboutSame(sentence.words, against.words)),
  );
}

/** One sentence, without what turns its sense. */
interface Sentence {
  words: string[];
  isNo: boolean;
}

/** They add nothing to what a lesson says. */
const FILLERS = new Set(
  'a an the please always do does make sure that to you your our we will must should shall be is are it its this these so der die das den dem des ein eine einen einem immer bitte stets muss soll sollen und and'.split(
    ' ',
  ),
);
const NO = new Set('never not no nobody nothing without nie niemals nicht kein keine keinen keiner ohne'.split(' '));
/** The second of a pair is the no of the first. */
const OPPOSITES = new Map([
  ['avoid', 'use'],
  ['after', 'before'],
  ['nach', 'vor'],
  ['last', 'first'],
  ['down', 'up'],
  ['off', 'on'],
  ['forbid', 'allow'],
  ['disable', 'enable'],
  ['remove', 'add'],
  ['less', 'more'],
]);
/** Of the words that either has, so many are in both. */
const MIN_SHARED = 0.75;
const MIN_WORDS = 2;

function sentencesOf(text: string): Sentence[] {
  return readableForm(text)
    .split(/[.!?;](?=\s|$)/)
    .map((part) => sentenceOf(part.match(/[\p{L}\p{N}_][\p{L}\p{N}_./@'-]*/gu) ?? []))
    .filter(({ words }) => words.length > 0);
}

function sentenceOf(said: readonly string[]): Sentence {
  const words: string[] = [];
  let isNo = false;
  for (const word of said) {
    const stem = word.replace(/(?<=[a-z]{3})(?<!s)s$/, '').replace(/[.'-]+$/, '');
    const opposite = OPPOSITES.get(stem);
    if (NO.has(word) || opposite !== undefined) isNo = !isNo;
    if (opposite !== undefined) words.push(opposite);
    else if (!NO.has(word) && !FILLERS.has(word)) words.push(stem);
  }
  return { words, isNo };
}

const sentenceKey = ({ words, isNo }: Sentence): string => `${isNo ? 'no' : 'yes'} ${words.join(' ')}`;

function isAboutSame(some: readonly string[], others: readonly string[]): boolean {
  const [one, other] = [new Set(some.filter(isSubject)), new Set(others.filter(isSubject))];
  const shared = [...one].filter((word) => other.has(word)).length;
  return shared >= MIN_WORDS && shared >= MIN_SHARED * new Set([...one, ...other]).size;
}

/** `avoid floats` is said against `floats are used`. */
const isSubject = (word: string): boolean => word !== 'use' && word !== 'used';

/** Different folders and different personas never meet in one step; anything else may. */
function isForSameWork(one: Compared, other: Compared): boolean {
  if (one.scopeKind !== other.scopeKind || one.scopeKind === 'project') return true;
  const [a, b] = [one.scopeKey ?? '', other.scopeKey ?? ''];
  if (one.scopeKind === 'persona') return a === b;
  return a === b || a.startsWith(`${b}/`) || b.startsWith(`${a}/`);
}
