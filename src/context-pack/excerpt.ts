import type { Definition } from './symbols.ts';
import { wordsOf } from './words.ts';

export interface Excerpt {
  text: string;
  /** Line ranges that are shown, 1-based, both ends included; the outline does not count. */
  lines: readonly (readonly [from: number, to: number])[];
}

const OUTLINE_SHARE = 0.2;
const GAP = '[…]';
/** Lines around a hit that are shown with it. */
const REACH = 6;
const NUMBER_CHARACTERS = 7;

/**
 * A file that does not fit whole: its outline, then the stretches of lines that say most about the task. Every line
 * carries its number, so that nobody takes the excerpt for the file.
 */
export function excerptOf(
  text: string,
  definitions: readonly Definition[],
  wordValues: ReadonlyMap<string, number>,
  maxCharacters: number,
): Excerpt {
  const lines = text.split('\n');
  const shown = pickLines(lines, definitions, wordValues, maxCharacters * (1 - OUTLINE_SHARE));
  const ranges = rangesOf(shown);
  const windows = ranges.map(([from, to]) =>
    lines
      .slice(from - 1, to)
      .map((line, index) => `${from + index}| ${line}`)
      .join('\n'),
  );
  const body = windows.join(`\n${GAP}\n`);
  const outline = outlineOf(definitions, shown, maxCharacters - body.length);
  const head = `[${lines.length} lines; ${ranges.map(([from, to]) => `${from}-${to}`).join(', ')} are shown]`;
  return { text: [head, ...(outline === '' ? [] : [`Outline:\n${outline}`]), body].join('\n'), lines: ranges };
}

/** Takes the best lines with their surroundings until the room is used up. */
function pickLines(
  lines: readonly string[],
  definitions: readonly Definition[],
  wordValues: ReadonlyMap<string, number>,
  room: number,
): Set<number> {
  const values = lines.map((line) => {
    let value = 0;
    for (const word of new Set(wordsOf(line))) value += wordValues.get(word) ?? 0;
    return value;
  });
  for (const { line, name } of definitions) {
    for (const word of new Set(wordsOf(name))) values[line - 1] = (values[line - 1] ?? 0) + (wordValues.get(word) ?? 0);
  }
  const smooth = smoothed(values);
  const order = smooth.map((value, index) => ({ value, index })).sort((a, b) => b.value - a.value || a.index - b.index);
  const shown = new Set<number>();
  let left = room;
  for (const { index } of order) {
    for (let line = Math.max(0, index - REACH); line <= Math.min(lines.length - 1, index + REACH); line += 1) {
      if (shown.has(line + 1)) continue;
      const cost = (lines[line]?.length ?? 0) + NUMBER_CHARACTERS;
      if (cost > left) return shown;
      left -= cost;
      shown.add(line + 1);
    }
  }
  return shown;
}

/** A line counts for those around it too, less the farther away. */
function smoothed(values: readonly number[]): number[] {
  return values.map((_, index) => {
    let sum = 0;
    for (let offset = -REACH; offset <= REACH; offset += 1)
      sum += (values[index + offset] ?? 0) * (1 - Math.abs(offset) / (REACH + 1));
    return sum;
  });
}

function rangesOf(shown: ReadonlySet<number>): [number, number][] {
  const ranges: [number, number][] = [];
  for (const line of [...shown].sort((a, b) => a - b)) {
    const last = ranges.at(-1);
    if (last && last[1] === line - 1) last[1] = line;
    else ranges.push([line, line]);
  }
  return ranges;
}

function outlineOf(definitions: readonly Definition[], shown: ReadonlySet<number>, room: number): string {
  let left = room;
  return definitions
    .filter(({ line }) => !shown.has(line))
    .map(({ line, text }) => `${line}| ${text}`)
    .filter((line) => (left -= line.length + 1) >= 0)
    .join('\n');
}
