import type { Criterion } from '#src/writers-room/story.ts';

/** A criterion or a test's name, taken apart. */
export interface ReadName {
  /** As it stands, without tags. */
  text: string;
  /** What was quoted or given as an example; compared letter by letter, in order. */
  literals: string[];
  numbers: string[];
  /** Stems of the words that carry meaning, in order. */
  words: string[];
  /** Of the test's own name, without its suites; for a criterion the same as `words`. */
  ownWords: string[];
  negated: boolean;
}

/** Words that stand in any sentence, and verbs by which results are told ("becomes", "returns"). */
const STOP_WORDS = new Set(
  `a an and any are as at be been being but by can could do does for from gets get give given gives had has have how i if in into
  is it its like may must of on onto or our out shall should so some such than that the their them then there these they this
  those to up was we were what when where which while who will with would you your become becomes result results return returns
  returned produce produces yield yields turn turns test tests case check checks work works correctly properly expected`
    .split(/\s+/)
    .map((word) => word.trim()),
);
const NEGATIONS = /\b(?:not|no|never|none|cannot|without|neither|nor|non|\w+n't|\w+n’t)\b/i;

const WEIGHT = { literal: 3, number: 2, word: 1 };
/** How much of a criterion's weight a test's name must hold. */
const LEAST_COVERAGE = 0.8;
/** How many of the test's own words must be the criterion's: what says much more is about something else. */
const LEAST_PRECISION = 0.5;
/** The same where the criterion says so little ("It trims") that one word more changes what is meant. */
const LEAST_PRECISION_OF_FEW = 0.6;
const FEW = 3;
/** How much of what both say must come in the same order: "spaces to dashes" is not "dashes to spaces". */
const LEAST_ORDER = 0.7;

/**
 * How well a test's name says what a criterion says: 0 (not surely the same) or `LEAST_COVERAGE`..1. Every literal and
 * number of the criterion must be there, no other number, and both or neither must negate.
 */
export function compareNames(criterion: ReadName, test: ReadName): number {
  if (criterion.negated !== test.negated) return 0;
  const rest = withoutLiterals(test.text, criterion.literals);
  if (rest === null) return 0;
  const restNumbers = numbersOf(rest);
  if ([...criterion.numbers].sort().join() !== restNumbers.sort().join()) return 0;

  const inRest = criterion.literals.length === 0 ? null : new Set(wordsOf(rest));
  const testWords = inRest === null ? test.words : test.words.filter((word) => inRest.has(word));
  const ownWords = inRest === null ? test.ownWords : test.ownWords.filter((word) => inRest.has(word));
  const wanted = unique(criterion.words);
  const matched = wanted.filter((word) => testWords.includes(word));
  const fixed = criterion.literals.length * WEIGHT.literal + criterion.numbers.length * WEIGHT.number;
  const whole = fixed + wanted.length * WEIGHT.word;
  if (whole === 0) return 0;
  const coverage = (fixed + matched.length * WEIGHT.word) / whole;
  if (coverage < LEAST_COVERAGE) return 0;
  // With a value in common a lone differing word is all that tells two examples apart: "empty title", "long title".
  if (fixed > 0 && wanted.length <= FEW && matched.length < wanted.length) return 0;

  const own = unique(ownWords);
  const said = own.length + criterion.literals.length + criterion.numbers.length;
  const shared =
    own.filter((word) => wanted.includes(word)).length + criterion.literals.length + criterion.numbers.length;
  if (said === 0) return 0;
  const precision = shared / said;
  if (precision < (whole < FEW ? LEAST_PRECISION_OF_FEW : LEAST_PRECISION)) return 0;

  // The order that counts is that of the test's own name; a suite's words only help where it says too little.
  const ordered = matched.every((word) => own.includes(word)) ? own : unique(testWords);
  const inTest = ordered.filter((word) => matched.includes(word));
  if (matched.length > 1 && commonOrder(matched, inTest) / matched.length < LEAST_ORDER) return 0;
  // Precision only decides between criteria that are covered alike.
  return coverage * 0.9 + precision * 0.1;
}

/** An example that the conversation gave stands in the steps (`the input is …`, `the result is …`); else what is quoted. */
export function readCriterion(criterion: Pick<Criterion, 'text' | 'when' | 'then'>): ReadName {
  const examples = [...criterion.when, ...criterion.then].flatMap((step) => {
    const value = /^the (?:input|result) is (.+)$/.exec(step)?.[1];
    // "an empty title" is a description, not a value to find letter by letter.
    const isValue = value !== undefined && (unquote(value) !== value.trim() || !/\s/.test(value.trim()));
    return isValue ? [unquote(value)] : [];
  });
  const quoted = quotedIn(criterion.text);
  const literals = (examples.length > 0 ? examples : quoted).filter(
    (value) => value !== '' && !/^(?:empty|blank|missing)$/i.test(value),
  );
  const rest = literals.reduce((text, literal) => cutFrom(text, literal)?.join(' ') ?? text, criterion.text);
  return readText(criterion.text, rest, rest, literals);
}

export function readTestName(name: string): ReadName {
  const text = name.replace(/[[(]c\d{1,3}[\])]|@c\d{1,3}\b|(?<=^|> )c\d{1,3}(?=[\s:.,)-])/gi, ' ');
  return readText(text, text, text.split(' > ').at(-1) ?? text, []);
}

function readText(text: string, rest: string, own: string, literals: string[]): ReadName {
  return {
    text,
    literals,
    numbers: numbersOf(rest),
    words: wordsOf(rest),
    ownWords: wordsOf(own),
    negated: NEGATIONS.test(rest),
  };
}

/** `text` without the literals, which must come in order; null when one is not there. */
function withoutLiterals(text: string, literals: readonly string[]): string | null {
  let before = '';
  let after = text;
  for (const literal of literals) {
    const cut = cutFrom(after, literal);
    if (cut === null) return null;
    before += ` ${cut[0]}`;
    after = cut[1];
  }
  return `${before} ${after}`;
}

/** What is before and after the first `literal` that stands alone, letter by letter; null when there is none. */
function cutFrom(text: string, literal: string): [string, string] | null {
  for (let at = text.indexOf(literal); at !== -1; at = text.indexOf(literal, at + 1)) {
    const before = text.slice(0, at);
    const after = text.slice(at + literal.length);
    const joined =
      (/[\p{L}\p{N}]$/u.test(before) && /^[\p{L}\p{N}]/u.test(literal)) ||
      (/^[\p{L}\p{N}]/u.test(after) && /[\p{L}\p{N}]$/u.test(literal));
    if (!joined && !before.endsWith('-') && !/^-[\p{L}\p{N}]/u.test(after)) return [before, after];
  }
  return null;
}

function quotedIn(text: string): string[] {
  const quotes = /"([^"]*)"|“([^”]*)”|`([^`]*)`|(?<![\p{L}\p{N}])'([^']*)'(?![\p{L}\p{N}])/gu;
  return [...text.matchAll(quotes)].map((match) => match.slice(1).find((part) => part !== undefined) ?? '');
}

function unquote(value: string): string {
  return /^(["'`“])(.*)["'`”]$/.exec(value.trim())?.[2] ?? value.trim();
}

function numbersOf(text: string): string[] {
  return [...text.matchAll(/(?<![\p{L}\p{N}])\d+(?:[.,]\d+)*/gu)].map((match) => match[0]);
}

function wordsOf(text: string): string[] {
  return text
    .replace(/([\p{Ll}\d])(\p{Lu})/gu, '$1 $2')
    .toLowerCase()
    .replace(/\b(lower|upper|title|camel|kebab|snake)[\s-]cas/g, '$1cas')
    .split(/[^\p{L}\p{M}'’]+/u)
    .map((word) => word.replace(/^['’]+|['’]+$/g, ''))
    .filter((word) => word.length > 1 && !STOP_WORDS.has(word) && !NEGATIONS.test(word))
    .map(stem);
}

/** Takes English endings off, so that "dashes", "dashed" and "dash" are one; rough, but the same for both sides. */
function stem(word: string): string {
  let root = word.replace(/['’]s$/, '');
  if (root.length > 3) root = root.replace(/ies$/, 'y').replace(/(?<!s)s$/, '');
  if (root.length > 5) root = root.replace(/(?:ing|ed)$/, '');
  return root.replace(/([bdgklmnprt])\1$/, '$1').replace(/e$/, '');
}

/** Length of the longest common subsequence. */
function commonOrder(a: readonly string[], b: readonly string[]): number {
  let previous = Array.from({ length: b.length + 1 }, () => 0);
  for (const word of a) {
    const current = [0];
    b.forEach((other, index) => {
      current.push(
        word === other ? (previous[index] ?? 0) + 1 : Math.max(previous[index + 1] ?? 0, current[index] ?? 0),
      );
    });
    previous = current;
  }
  return previous.at(-1) ?? 0;
}

function unique(words: readonly string[]): string[] {
  return [...new Set(words)];
}
