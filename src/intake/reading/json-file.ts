import { FactoryError } from '#src/errors.ts';
import { cleanLine } from '#src/safety/clean-text.ts';
import { jsonFormats, notYet } from '../formats.ts';
import { type JsonFormat, type NotYetFormat, UnreadableEntry } from '../formats/format.ts';
import type { ImportItem } from '../import-item.ts';
import type { ImportLimits } from '../import-limits.ts';
import { isRecord, textOf } from '../json-shape.ts';
import { readJsonValues } from './json-values.ts';
import { megabytes } from './refusals.ts';
import type { TextEncoding } from './sniff.ts';

export interface JsonOutcome {
  /** The format that read at least one entry, or would have. */
  format: JsonFormat | null;
  notYet: NotYetFormat | null;
  /** Why reading stopped before the end, if it did. */
  broken: FactoryError | null;
  /** Entries of any kind. */
  entries: number;
}

/** After this many entries of no known shape, a list is taken for something else. */
const MAX_UNKNOWN_ENTRIES = 200;

function nameEntry(index: number, value: unknown): string {
  const title = isRecord(value) ? (textOf(value.title) ?? textOf(value.name)) : null;
  return title === null ? `Entry ${index + 1}` : `Entry ${index + 1} ("${cleanLine(title, 80)}")`;
}

function* readEntry(file: string, format: JsonFormat, index: number, value: unknown): Generator<ImportItem> {
  const problem = (reason: string): ImportItem => ({
    kind: 'problem',
    file,
    reason: `${nameEntry(index, value)}: ${reason}`,
  });
  try {
    const read = format.read(value);
    yield { kind: 'conversation', conversation: read.conversation };
    for (const sentence of read.problems) yield problem(sentence);
  } catch (error) {
    if (!(error instanceof UnreadableEntry)) throw error;
    yield problem(error.message);
  }
}

/** Reads one JSON file, entry by entry; what cannot be read is reported and does not stop the rest. */
export async function* readJsonFile(
  file: string,
  bytes: AsyncIterable<Uint8Array>,
  encoding: TextEncoding,
  limits: ImportLimits,
): AsyncGenerator<ImportItem, JsonOutcome> {
  const outcome: JsonOutcome = { format: null, notYet: null, broken: null, entries: 0 };
  const unknown: ImportItem[] = [];
  const notRead = (index: number, value: unknown): ImportItem => {
    return { kind: 'problem', file, reason: `${nameEntry(index, value)}: It holds no messages, or they are damaged.` };
  };
  try {
    for await (const item of readJsonValues(file, bytes, encoding, limits)) {
      outcome.entries += 1;
      const value = item.kind === 'value' ? item.value : item.partial;
      const format = jsonFormats.find((candidate) => candidate.recognises(value));
      if (item.kind === 'too-large') {
        outcome.notYet ??= notYet.find((candidate) => candidate.recognisesJson?.(value) === true) ?? null;
        if (outcome.notYet !== null && outcome.format === null) return outcome;
        const reason = `${nameEntry(item.index, value)}: It is larger than ${megabytes(limits.maxConversationBytes)}, so it was left out.`;
        yield { kind: 'problem', file, reason };
        outcome.format ??= format ?? null;
        continue;
      }
      if (format !== undefined) {
        if (outcome.format === null) yield* unknown.splice(0);
        outcome.format = format;
        yield* readEntry(file, format, item.index, value);
      } else if (outcome.format !== null) {
        yield notRead(item.index, value);
      } else {
        outcome.notYet = notYet.find((candidate) => candidate.recognisesJson?.(value) === true) ?? null;
        if (outcome.notYet !== null) return outcome;
        unknown.push(notRead(item.index, value));
        if (unknown.length >= MAX_UNKNOWN_ENTRIES) return outcome;
      }
    }
  } catch (error) {
    if (!(error instanceof FactoryError)) throw error;
    outcome.broken = error;
  }
  return outcome;
}
