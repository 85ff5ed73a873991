import type { QueryPart } from './rank-files.ts';
import type { Definition } from './symbols.ts';
import { identifiersOf } from './words.ts';

export interface Mentions {
  /** Files whose path or name stands in the query; 1 for a whole path. */
  paths: ReadonlyMap<string, { score: number; label: string }>;
  /** Files that define what the query names; 1 for a name that is defined once. */
  symbols: ReadonlyMap<string, { score: number; name: string; label: string }>;
}

/** Begins only where a word does: else long words would be tried from each of their letters. */
const PATH_LIKE = /(?<![\w@#$.-])(?:[\w@#$.-]+(?:\/[\w@#$.-]+)+|[\w@$-]+(?:\.[\w-]+)*\.[A-Za-z]\w{0,5}\b)/g;
/** A name that this many files define does not tell them apart. */
const MAX_DEFINERS = 8;
const NAME_ONLY = 0.7;

export function findMentions(
  query: readonly QueryPart[],
  paths: readonly string[],
  definitions: ReadonlyMap<string, readonly Definition[]>,
): Mentions {
  return { paths: mentionedPaths(query, paths), symbols: mentionedSymbols(query, definitions) };
}

function mentionedPaths(query: readonly QueryPart[], paths: readonly string[]): Mentions['paths'] {
  const byName = new Map<string, string[]>();
  for (const path of paths) {
    const name = path.slice(path.lastIndexOf('/') + 1);
    const named = byName.get(name);
    if (named) named.push(path);
    else byName.set(name, [path]);
  }
  const found = new Map<string, { score: number; label: string }>();
  for (const { label, text } of query) {
    for (const [mention] of text.matchAll(PATH_LIKE)) {
      const tail = mention.replace(/^(\.{1,2}\/)+|^\/+|[.,:;]+$/g, '');
      const named = byName.get(tail.slice(tail.lastIndexOf('/') + 1)) ?? [];
      const hits = named.filter((path) => path === tail || path.endsWith(`/${tail}`));
      const exact = hits.filter((path) => path === tail);
      for (const path of exact.length > 0 ? exact : hits) {
        const score = (tail.includes('/') || exact.length > 0 ? 1 : NAME_ONLY) / hits.length ** 0.5;
        if (score > (found.get(path)?.score ?? 0)) found.set(path, { score, label });
      }
    }
  }
  return found;
}

function mentionedSymbols(
  query: readonly QueryPart[],
  definitions: ReadonlyMap<string, readonly Definition[]>,
): Mentions['symbols'] {
  const labels = new Map<string, string>();
  for (const { label, text } of query)
    for (const name of identifiersOf(text)) if (isCodeLike(name, text) && !labels.has(name)) labels.set(name, label);
  const definers = new Map<string, Set<string>>();
  for (const [path, found] of definitions) {
    for (const { name } of found) {
      if (labels.has(name)) definers.set(name, (definers.get(name) ?? new Set()).add(path));
    }
  }
  const symbols = new Map<string, { score: number; name: string; label: string }>();
  for (const [name, files] of definers) {
    if (files.size > MAX_DEFINERS) continue;
    const score = 1 / files.size;
    for (const path of files)
      if (score > (symbols.get(path)?.score ?? 0)) symbols.set(path, { score, name, label: labels.get(name) ?? '' });
  }
  return symbols;
}

/** An identifier that nobody would write in prose, or one that is marked as code. */
function isCodeLike(name: string, text: string): boolean {
  if (name.length < 3) return false;
  if (/[a-z\d][A-Z]|_|\$/.test(name) || /^[A-Z]{2,}\d*$/.test(name)) return true;
  return text.includes(`\`${name}`) || text.includes(`${name}(`) || text.includes(`.${name}`);
}
