/** Words that say nothing about where in a repository something is. */
const STOP_WORDS = new Set(
  (
    'a an and are as at be been but by can could do does for from had has have how i if in into is it its may more ' +
    'must no not of on one or our out over own she should so such than that the their them then there these they ' +
    'this those to up us use was we were what when where which while who whose will with would you your'
  ).split(' '),
);

const IDENTIFIER = /[\p{L}\p{N}_$]+/gu;
/** Finds the same in a text without other letters, in half the time. */
const ASCII_IDENTIFIER = /[A-Za-z0-9_$]+/g;
const HUMP = /[\p{Lu}]+(?![\p{Ll}])|[\p{Lu}]?[\p{Ll}]+|\p{N}+|[\p{L}]+/gu;

/**
 * Words of code or prose, in lower case: an identifier gives itself and its parts (`readFileOf`: readfileof, read,
 * file; `snake_case` likewise), a path its segments. Words without meaning are left out.
 */
export function wordsOf(text: string): string[] {
  const words: string[] = [];
  for (const [identifier] of text.matchAll(IDENTIFIER)) addWords(identifier, words);
  return words;
}

/** Identifiers as they stand, such as a task's text names them. */
export function identifiersOf(text: string): string[] {
  return text.match(IDENTIFIER) ?? [];
}

export interface WordCounts {
  /** Of the wanted words only. */
  counts: ReadonlyMap<string, number>;
  /** Of all words. */
  total: number;
}

/** Counts words of texts. Identifiers repeat within and between files, so each is taken apart once. */
export function createWordCounter(wanted: ReadonlySet<string>): (text: string) => WordCounts {
  const known = new Map<string, { words: number; wanted: readonly string[] }>();
  const lookUp = (identifier: string) => {
    const words = wordsIn(identifier);
    const entry = { words: words.length, wanted: words.filter((word) => wanted.has(word)) };
    known.set(identifier, entry);
    return entry;
  };
  return (text) => {
    const counts = new Map<string, number>();
    let total = 0;
    for (const identifier of text.match(isAscii(text) ? ASCII_IDENTIFIER : IDENTIFIER) ?? []) {
      const entry = known.get(identifier) ?? lookUp(identifier);
      total += entry.words;
      for (const word of entry.wanted) counts.set(word, (counts.get(word) ?? 0) + 1);
    }
    return { counts, total };
  };
}

function isAscii(text: string): boolean {
  return !/[^\x00-\x7f]/.test(text);
}

function wordsIn(identifier: string): string[] {
  const words: string[] = [];
  addWords(identifier, words);
  return words;
}

function addWords(identifier: string, words: string[]): void {
  const whole = identifier.toLowerCase();
  if (isMeaningful(whole)) words.push(whole);
  const parts = identifier.match(HUMP) ?? [];
  if (parts.length < 2) return;
  for (const part of parts) {
    const lower = part.toLowerCase();
    if (isMeaningful(lower)) words.push(lower);
  }
}

function isMeaningful(word: string): boolean {
  return word.length > 1 && word.length <= 60 && !STOP_WORDS.has(word);
}
