import { memberOf } from './json-nodes.ts';
import type { JsonNode } from './json-nodes.ts';
import { entryNodes, idOf } from './read-queue.ts';

/** What is written into an entry; every other byte of the file stays as it is. */
export type EntryFields = Readonly<Record<string, unknown>>;

interface Splice {
  from: number;
  to: number;
  text: string;
}

/** The text with these fields in the entries of these ids. Fields that were not there come after the entry's last one. */
export function editQueue(text: string, fields: ReadonlyMap<string, EntryFields>): string {
  const splices = entryNodes(text).flatMap((node) => {
    const id = idOf(node);
    const wanted = id === null ? undefined : fields.get(id);
    return wanted === undefined ? [] : splicesFor(text, node, wanted);
  });
  return splices
    .toSorted((a, b) => b.from - a.from)
    .reduce((now, { from, to, text: put }) => now.slice(0, from) + put + now.slice(to), text);
}

function splicesFor(text: string, node: JsonNode, fields: EntryFields): Splice[] {
  const last = node.kind === 'object' ? node.members.at(-1) : undefined;
  if (last === undefined) return [];
  const margin = marginOf(text, last.start);
  const splices: Splice[] = [];
  let added = '';
  for (const [key, value] of Object.entries(fields)) {
    const written = write(value, margin);
    const there = memberOf(node, key)?.value;
    if (there !== undefined) splices.push({ from: there.start, to: there.end, text: written });
    else added += `,${margin ?? ' '}${JSON.stringify(key)}: ${written}`;
  }
  if (added !== '') splices.push({ from: last.value.end, to: last.value.end, text: added });
  return splices;
}

/** The line break and indentation that stand before a member; null: it does not begin its line. */
function marginOf(text: string, start: number): string | null {
  return /\r?\n[ \t]*$/.exec(text.slice(0, start))?.[0] ?? null;
}

function write(value: unknown, margin: string | null): string {
  return margin === null ? JSON.stringify(value) : JSON.stringify(value, null, 2).replaceAll('\n', margin);
}
