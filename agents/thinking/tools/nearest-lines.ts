const MAX_SHOWN = 3;
const MAX_LINE_CHARACTERS = 160;
/** Comparing every line of a huge file with words would take seconds. */
const MAX_LINES_COMPARED = 20_000;
/** In all: a text of many equal lines would be compared with itself at every place. */
const MAX_COMPARISONS = 1_000_000;

/** Where a text that does not occur could have been meant, in a sentence for the model. */
export function nearestLines(text: string, wanted: string): string {
  const lines = text.split(/\r?\n/).slice(0, MAX_LINES_COMPARED);
  const sought = wanted.split(/\r?\n/).filter((line) => line.trim() !== '');
  const differing = differsInSpace(lines, sought);
  if (differing !== null) return `Line ${differing} on holds the same text with other spaces, tabs or empty lines.`;
  const longest = sought.toSorted((a, b) => b.trim().length - a.trim().length)[0] ?? '';
  const words = wordsOf(longest);
  const near = lines
    .map((line, index) => ({ line, number: index + 1, score: likeness(wordsOf(line), words) }))
    .filter(({ score }) => score >= 0.5)
    .toSorted((a, b) => b.score - a.score || a.number - b.number)
    .slice(0, MAX_SHOWN);
  if (near.length === 0) return 'No line of it is like that.';
  const shown = near.map(({ line, number }) => `${number}: ${line.trim().slice(0, MAX_LINE_CHARACTERS)}`);
  return `The nearest lines are\n${shown.join('\n')}\n`;
}

/** The number of the line at which all of `sought` stands in order, spaces and empty lines aside; null: nowhere. */
function differsInSpace(lines: readonly string[], sought: readonly string[]): number | null {
  const squashed = lines
    .map((line, index) => ({ text: squash(line), number: index + 1 }))
    .filter(({ text }) => text !== '');
  const want = sought.map(squash);
  let left = MAX_COMPARISONS;
  const at = squashed.findIndex((_, index) =>
    want.every((line, offset) => (left -= 1) >= 0 && squashed[index + offset]?.text === line),
  );
  return want.length === 0 ? null : (squashed[at]?.number ?? null);
}

function squash(line: string): string {
  return line.replaceAll(/\s+/g, '');
}

function wordsOf(line: string): Set<string> {
  return new Set(line.match(/[\p{L}\p{N}_]+/gu) ?? []);
}

/** Words in common against words in all (Jaccard), 0 to 1. */
function likeness(words: ReadonlySet<string>, others: ReadonlySet<string>): number {
  const common = [...words].filter((word) => others.has(word)).length;
  const all = words.size + others.size - common;
  return all === 0 ? 0 : common / all;
}
