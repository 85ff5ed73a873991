import { FactoryError } from '#src/errors.ts';
import { QUEUE_FILE } from '#src/ports/queue-file.ts';

/** JSON with the place of each part in its text, so that one part can be changed and every other byte stays. */
export type JsonNode =
  | { kind: 'object'; start: number; end: number; members: JsonMember[] }
  | { kind: 'array'; start: number; end: number; items: JsonNode[] }
  | { kind: 'value'; start: number; end: number; value: string | number | boolean | null };

export interface JsonMember {
  key: string;
  /** Where the key begins. */
  start: number;
  value: JsonNode;
}

const MAX_DEPTH = 32;
const SPACE = /[ \t\r\n]*/y;
const STRING = /"[^"\\\u0000-\u001f]*(?:\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})[^"\\\u0000-\u001f]*)*"/y;
const PLAIN = /true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;

/** Reads a whole text as JSON (RFC 8259). FactoryError `queue-file-invalid` names the line that is none. */
export function readJson(text: string): JsonNode {
  let at = text.startsWith('\uFEFF') ? 1 : 0;
  const skipSpace = (): string => {
    SPACE.lastIndex = at;
    SPACE.exec(text);
    at = Math.max(at, SPACE.lastIndex);
    return text[at] ?? '';
  };
  const take = (pattern: RegExp): string | null => {
    pattern.lastIndex = at;
    const found = pattern.exec(text)?.[0];
    if (found === undefined) return null;
    at += found.length;
    return found;
  };
  const fail = (wanted: string): never => {
    throw notUsable(`${placeOf(text, at)} ${at >= text.length ? 'the file ends, but' : 'here'} ${wanted} is expected`);
  };
  const readString = (): string => JSON.parse(take(STRING) ?? fail('text in double quotes')) as string;
  /** The parts of a list or an object, up to and with the bracket that closes it. */
  const readParts = (close: string, what: string, readPart: () => void): void => {
    at += 1;
    if (skipSpace() === close) {
      at += 1;
      return;
    }
    for (;;) {
      readPart();
      const next = skipSpace();
      if (next !== ',' && next !== close) fail(`a comma or the end of ${what}`);
      at += 1;
      if (next === close) return;
      skipSpace();
    }
  };
  const readNode = (depth: number): JsonNode => {
    if (depth > MAX_DEPTH) throw notUsable(`${placeOf(text, at)} it is nested too deeply`);
    const first = skipSpace();
    const start = at;
    if (first === '{') {
      const members: JsonMember[] = [];
      readParts('}', 'the object', () => {
        const from = at;
        const key = readString();
        if (skipSpace() !== ':') fail('a colon');
        at += 1;
        members.push({ key, start: from, value: readNode(depth + 1) });
      });
      return { kind: 'object', start, end: at, members };
    }
    if (first === '[') {
      const items: JsonNode[] = [];
      readParts(']', 'the list', () => void items.push(readNode(depth + 1)));
      return { kind: 'array', start, end: at, items };
    }
    const value = (first === '"' ? readString() : JSON.parse(take(PLAIN) ?? fail('a value'))) as string;
    return { kind: 'value', start, end: at, value };
  };

  const node = readNode(0);
  skipSpace();
  if (at < text.length) fail('nothing more');
  return node;
}

/** Of several members with one name the last counts, as everywhere in JSON. */
export function memberOf(node: JsonNode, key: string): JsonMember | undefined {
  return node.kind === 'object' ? node.members.findLast((member) => member.key === key) : undefined;
}

export function valueOf(node: JsonNode): unknown {
  if (node.kind === 'value') return node.value;
  if (node.kind === 'array') return node.items.map(valueOf);
  return Object.fromEntries(node.members.map(({ key, value }) => [key, valueOf(value)]));
}

/** `line 4:7`, both from 1. */
export function placeOf(text: string, offset: number): string {
  const before = text.slice(0, offset).split('\n');
  return `line ${before.length}:${(before.at(-1) ?? '').length + 1}`;
}

export function notUsable(why: string): FactoryError {
  return new FactoryError('queue-file-invalid', `${QUEUE_FILE} cannot be used: ${why}.`, {
    fix: 'Correct it there; it is read again as soon as it is saved.',
  });
}
