import { Assembler } from 'stream-json/core/assembler.js';
import { jsonParser, type Token } from 'stream-json/core/parser.js';
import type { ImportLimits } from '../import-limits.ts';
import { refusals } from './refusals.ts';
import type { TextEncoding } from './sniff.ts';

/** `value`: one element of the root array, or the root itself. `too-large`: as much of one as was read before the cap. */
export type JsonItem =
  | { kind: 'value'; index: number; value: unknown }
  | { kind: 'too-large'; index: number; partial: unknown };

/** Larger pieces parse faster; what one bad character can cost is the piece that it lies in. */
const SLICE_CHARACTERS = 16_384;
/** A source may hand over its whole file at once; decoding that in one go would copy all of it. */
const DECODE_BYTES = 1024 * 1024;

async function* slicesOf(bytes: AsyncIterable<Uint8Array>, encoding: TextEncoding): AsyncGenerator<string> {
  const decoder = new TextDecoder(encoding);
  for await (const chunk of bytes) {
    for (let from = 0; from < chunk.byteLength; from += DECODE_BYTES) {
      const text = decoder.decode(chunk.subarray(from, from + DECODE_BYTES), { stream: true });
      for (let at = 0; at < text.length; at += SLICE_CHARACTERS) yield text.slice(at, at + SLICE_CHARACTERS);
    }
  }
  yield decoder.decode();
}

/** Puts tokens together to items, one assembler an item, and keeps the two caps. */
class ItemCollector {
  readonly items: JsonItem[] = [];
  private readonly file: string;
  private readonly limits: ImportLimits;
  private root: 'unread' | 'array' | 'other' = 'unread';
  private depth = 0;
  private index = 0;
  private assembler: Assembler | null = null;
  private overflowed = false;
  private charactersInItem = 0;

  constructor(file: string, limits: ImportLimits) {
    this.file = file;
    this.limits = limits;
  }

  get itemDepth(): number {
    return this.root === 'array' ? 1 : 0;
  }

  accept(token: Token): void {
    if (this.root === 'unread') {
      this.root = token.name === 'startArray' ? 'array' : 'other';
      if (this.root === 'array') {
        this.depth = 1;
        return;
      }
    }
    const opens = token.name === 'startObject' || token.name === 'startArray';
    const ends = token.name === 'endObject' || token.name === 'endArray';
    if (ends && this.depth === this.itemDepth) {
      this.depth -= 1;
      return;
    }
    if (this.depth === this.itemDepth && !this.overflowed) this.assembler ??= new Assembler();
    if (opens) this.depth += 1;
    if (ends) this.depth -= 1;
    if (this.depth > this.limits.maxJsonDepth) throw refusals.jsonTooDeep(this.file, this.limits.maxJsonDepth);
    this.assembler?.consume(token);
    if (this.depth === this.itemDepth) this.finishItem();
  }

  private finishItem(): void {
    if (this.assembler !== null) this.items.push({ kind: 'value', index: this.index, value: this.assembler.current });
    this.index += 1;
    this.assembler = null;
    this.overflowed = false;
    this.charactersInItem = 0;
  }

  /** Counted by slices, so an item may pass the cap by one slice. */
  countCharacters(characters: number): void {
    if (this.assembler === null) return;
    this.charactersInItem += characters;
    if (this.charactersInItem <= this.limits.maxConversationBytes) return;
    const partial = this.assembler.stack[0] ?? this.assembler.current;
    this.items.push({ kind: 'too-large', index: this.index, partial });
    this.assembler = null;
    this.overflowed = true;
  }
}

/**
 * The elements of a JSON array one by one, or the one value of any other file, in constant memory but for the item at
 * hand. Throws FactoryError `truncated-json`, `malformed-json`, `json-too-deep`, `conversation-too-large`.
 */
export async function* readJsonValues(
  file: string,
  bytes: AsyncIterable<Uint8Array>,
  encoding: TextEncoding,
  limits: ImportLimits,
): AsyncGenerator<JsonItem> {
  const parse = jsonParser({ streamValues: false });
  // stream-json's sign for "no more input" is a registered symbol, which its types leave out.
  const endOfInput = Symbol.for('object-stream.none') as unknown as string;
  const collector = new ItemCollector(file, limits);
  const feed = (input: string, atEnd: boolean): JsonItem[] => {
    let parsed: ReturnType<typeof parse>;
    try {
      parsed = parse(input);
    } catch (error) {
      // V8 refuses strings over half a gigabyte with a RangeError.
      if (error instanceof RangeError) throw refusals.tooLarge(file, limits.maxConversationBytes);
      throw atEnd ? refusals.truncatedJson(file) : refusals.malformedJson(file, error);
    }
    if (typeof parsed === 'object' && 'values' in parsed) {
      for (const token of parsed.values) collector.accept(token);
    }
    return collector.items.splice(0);
  };
  for await (const slice of slicesOf(bytes, encoding)) {
    yield* feed(slice, false);
    collector.countCharacters(slice.length);
    yield* collector.items.splice(0);
  }
  yield* feed(endOfInput, true);
}
