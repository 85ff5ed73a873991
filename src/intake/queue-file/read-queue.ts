import { memberOf, notUsable, placeOf, readJson, valueOf } from './json-nodes.ts';
import type { JsonNode } from './json-nodes.ts';

/** One piece of work in the queue, as a person wrote it down. */
export interface QueueEntry {
  id: string;
  title: string;
  intent: string;
  acceptanceCriteria: string[];
  constraints: string[];
  contextPaths: string[];
  /** null: none is given. */
  status: string | null;
  /** What is there, whoever wrote it. */
  lastRun: unknown;
}

export interface ReadQueue {
  entries: QueueEntry[];
  /** Ids of all entries, those among them that are left out: they are wrong, and not taken away. */
  present: ReadonlySet<string>;
  /** Why an entry is left out, each with its line. The others are read. */
  problems: string[];
}

const MAX_ENTRIES = 200;
const MAX_ID = 80;
const MAX_TITLE = 300;
const MAX_INTENT = 20_000;
const MAX_ITEMS = 50;
const MAX_ITEM = 1_000;

/** Under these names people keep them; the first that is there counts. */
const LISTS = ['tasks', 'queue', 'items', 'entries'];
const NAMES = {
  title: ['title', 'name'],
  intent: ['intent', 'description'],
  acceptanceCriteria: ['acceptanceCriteria', 'acceptance_criteria', 'criteria'],
  constraints: ['constraints'],
  contextPaths: ['contextPaths', 'context_paths', 'files'],
} as const;

/**
 * Reads a queue: a list of entries, or an object that holds one. What is not known is left alone. FactoryError
 * `queue-file-invalid` where it is no queue at all; an entry that is none is told among the problems.
 */
export function readQueue(text: string): ReadQueue {
  const nodes = entryNodes(text);
  if (nodes.length > MAX_ENTRIES)
    throw notUsable(`it has ${nodes.length} entries, and at most ${MAX_ENTRIES} are read`);
  const problems: string[] = [];
  const byId = new Map<string, QueueEntry[]>();
  for (const node of nodes) {
    const read = readEntry(node);
    if (typeof read === 'string') {
      problems.push(`${placeOf(text, node.start)} ${read}`);
      continue;
    }
    const same = byId.get(read.id);
    if (same === undefined) byId.set(read.id, [read]);
    else {
      same.push(read);
      problems.push(`${placeOf(text, node.start)} there is another entry with the id "${read.id}", so neither is read`);
    }
  }
  const entries = [...byId.values()].flatMap((same) => (same.length === 1 ? same : []));
  const present = new Set(nodes.flatMap((node) => idOf(node) ?? []));
  return { entries, present, problems };
}

/** Where each entry stands in the text, in its order. */
export function entryNodes(text: string): JsonNode[] {
  const root = readJson(text);
  const held = LISTS.map((name) => memberOf(root, name)?.value).find((node) => node?.kind === 'array');
  const list = root.kind === 'array' ? root : held;
  if (list?.kind !== 'array')
    throw notUsable(`${placeOf(text, root.start)} it is no list of entries, and holds none as "tasks"`);
  return list.items;
}

/** The entry's id as text; null: it has none that will do. */
export function idOf(node: JsonNode): string | null {
  const given = memberOf(node, 'id')?.value;
  if (given?.kind !== 'value' || given.value === null || typeof given.value === 'boolean') return null;
  const id = String(given.value).trim();
  return id !== '' && id.length <= MAX_ID && !/\p{C}/u.test(id) ? id : null;
}

/** The entry, or what is wrong with it. */
function readEntry(node: JsonNode): QueueEntry | string {
  if (node.kind !== 'object') return 'this entry is no object';
  const id = idOf(node);
  if (id === null) return `this entry needs an id of its own, of at most ${MAX_ID} characters`;
  try {
    const title = textAt(node, 'title', MAX_TITLE);
    const intent = textAt(node, 'intent', MAX_INTENT);
    if (title === '' && intent === '') throw new NotAnEntry('it needs a title or an intent');
    const lastRun = memberOf(node, 'lastRun')?.value;
    return {
      id,
      title,
      intent,
      acceptanceCriteria: listAt(node, 'acceptanceCriteria'),
      constraints: listAt(node, 'constraints'),
      contextPaths: listAt(node, 'contextPaths'),
      status: statusOf(node),
      lastRun: lastRun === undefined ? null : valueOf(lastRun),
    };
  } catch (error) {
    if (error instanceof NotAnEntry) return `entry "${id}": ${error.message}`;
    throw error;
  }
}

class NotAnEntry extends Error {}

/** What is no text is a state that only its author knows. */
function statusOf(node: JsonNode): string | null {
  const status = memberOf(node, 'status')?.value;
  const value = status === undefined ? null : valueOf(status);
  return value === null || typeof value === 'string' ? (value?.trim() ?? null) : JSON.stringify(value);
}

function given(node: JsonNode, name: keyof typeof NAMES): { key: string; value: unknown } | null {
  for (const key of NAMES[name]) {
    const member = memberOf(node, key);
    const value = member === undefined ? null : valueOf(member.value);
    if (value !== null) return { key, value };
  }
  return null;
}

function textAt(node: JsonNode, name: 'title' | 'intent', max: number): string {
  const { key, value } = given(node, name) ?? { key: name, value: '' };
  if (typeof value !== 'string') throw new NotAnEntry(`"${key}" must be text`);
  if (value.trim().length > max) throw new NotAnEntry(`"${key}" is longer than ${max} characters`);
  return value.trim();
}

/** A list of texts, or one text for a list of one. */
function listAt(node: JsonNode, name: 'acceptanceCriteria' | 'constraints' | 'contextPaths'): string[] {
  const { key, value } = given(node, name) ?? { key: name, value: [] };
  const list = Array.isArray(value) ? (value as unknown[]) : [value];
  if (list.length > MAX_ITEMS) throw new NotAnEntry(`"${key}" has more than ${MAX_ITEMS} items`);
  const lines = list.map((item) => {
    if (typeof item !== 'string') throw new NotAnEntry(`"${key}" must be a list of texts`);
    if (item.length > MAX_ITEM) throw new NotAnEntry(`an item of "${key}" is longer than ${MAX_ITEM} characters`);
    return item.replaceAll(/\s+/g, ' ').trim();
  });
  return lines.filter((line) => line !== '');
}
