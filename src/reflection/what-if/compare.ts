import { canonicalJson } from '#src/ledger/canonical-json.ts';
import type { ModelAnswer, ToolCall } from '#src/ports/model.ts';

/** What is other in one place of an answer, as names that a person knows it by. */
export interface Difference {
  /** A field of the answer, or `tools` for what the model asked for on the way. */
  field: string;
  gone: string[];
  came: string[];
  /** Under the same name with other contents. */
  changed: string[];
}

interface Item {
  /** What makes two the same. */
  key: string;
  name: string;
}

/** Fields by which people know an entry of a list; the first that it has. */
const NAMING = ['path', 'text', 'title', 'name', 'id', 'key', 'reason'] as const;

/** Field by field; the order of a list does not count. Empty: they say the same. */
export function compareAnswers(then: unknown, now: unknown): Difference[] {
  if (!isObject(then) || !isObject(now)) return differenceOf('answer', itemsOf(then), itemsOf(now));
  const fields = new Set([...Object.keys(then), ...Object.keys(now)]);
  return [...fields].flatMap((field) => differenceOf(field, itemsOf(then[field]), itemsOf(now[field])));
}

/** The tools that were asked for, each as often as it was. */
export function compareCalls(then: readonly ToolCall[], now: readonly ToolCall[]): Difference[] {
  const itemOf = (call: ToolCall): Item => ({ key: callKey(call), name: callWords(call) });
  return differenceOf('tools', then.map(itemOf), now.map(itemOf));
}

/** Whether two answers lead a thought the same way: the same tools with the same arguments, or the same last word. */
export function saysTheSame(one: ModelAnswer, other: ModelAnswer): boolean {
  if (one.finish !== other.finish) return false;
  if (one.toolCalls.length > 0 || other.toolCalls.length > 0) {
    return one.toolCalls.map(callKey).join('\n') === other.toolCalls.map(callKey).join('\n');
  }
  return plain(one.text) === plain(other.text);
}

/** The same arguments in other spacing and order are the same. */
export function callKey({ name, arguments: args }: ToolCall): string {
  return `${name} ${plain(args)}`;
}

/** "read_file src/a.ts": a call as a person would name it. */
export function callWords({ name, arguments: args }: ToolCall): string {
  const given = parsed(args);
  if (isObject(given)) {
    const [subject] = [given['path'], given['name'], given['pattern']].filter((value) => typeof value === 'string');
    if (subject !== undefined) return `${name} ${subject === '' ? '.' : subject}`;
  }
  return `${name} ${args}`;
}

function differenceOf(field: string, then: readonly Item[], now: readonly Item[]): Difference[] {
  const gone = leftOver(then, now);
  const came = leftOver(now, then);
  const changed = came.filter(({ name }) => gone.some((item) => item.name === name)).map(({ name }) => name);
  const others = (items: readonly Item[]) => items.map(({ name }) => name).filter((name) => !changed.includes(name));
  const difference = { field, gone: others(gone), came: others(came), changed: [...new Set(changed)] };
  return gone.length + came.length === 0 ? [] : [difference];
}

/** Those of `items` that `others` do not have, each counted as often as it is there. */
function leftOver(items: readonly Item[], others: readonly Item[]): Item[] {
  const left = new Map<string, number>();
  for (const { key } of others) left.set(key, (left.get(key) ?? 0) + 1);
  return items.filter(({ key }) => {
    const count = left.get(key) ?? 0;
    left.set(key, count - 1);
    return count <= 0;
  });
}

function itemsOf(value: unknown): Item[] {
  if (value === null || value === undefined) return [];
  return (Array.isArray(value) ? value : [value]).map((one: unknown) => ({
    key: canonicalJson(one),
    name: nameOf(one),
  }));
}

function nameOf(value: unknown): string {
  if (typeof value === 'string') return value;
  if (!isObject(value)) return JSON.stringify(value);
  const naming = NAMING.map((field) => value[field]).find((named) => typeof named === 'string' && named !== '');
  const { action } = value;
  if (typeof naming !== 'string') return canonicalJson(value);
  return typeof action === 'string' ? `${action} ${naming}` : naming;
}

function plain(text: string | null): string {
  const value = parsed(text ?? '');
  return value === undefined ? (text ?? '').trim() : canonicalJson(value);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
