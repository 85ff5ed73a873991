import type { ChangeSetEdit } from './change-set.ts';

/**
 * How code names another file of its repository. path: from the root, without doubt about the folder. ending: the tail of
 * a path. package: a Go import path, which names a folder.
 */
export interface Reference {
  kind: 'path' | 'ending' | 'package';
  name: string;
}

type Language = 'script' | 'python' | 'go' | 'rust' | 'jvm' | 'ruby' | 'c' | 'php';

const languages: readonly (readonly [Language, RegExp])[] = [
  ['script', /\.(?:[cm]?[jt]sx?|vue|svelte|astro)$/i],
  ['python', /\.pyi?$/i],
  ['go', /\.go$/i],
  ['rust', /\.rs$/i],
  ['jvm', /\.(?:java|kts?|scala|groovy)$/i],
  ['ruby', /\.(?:rb|rake)$/i],
  ['c', /\.(?:c|h|cc|cpp|cxx|hh|hpp|hxx|m|mm)$/i],
  ['php', /\.php$/i],
];

/** null: markup, style, data, or a language that is not read here. */
export function languageOf(path: string): Language | null {
  return languages.find(([, ending]) => ending.test(path))?.[0] ?? null;
}

/** Modules of Python's own that a repository's file might share its name with. */
const pythonsOwn = new Set(
  'abc argparse asyncio base64 calendar collections contextlib copy csv datetime decimal email enum functools glob hashlib html http io itertools json logging math os pathlib pickle queue random re secrets shutil signal socket sqlite3 statistics string struct subprocess sys tempfile textwrap threading time traceback types typing unittest urllib uuid'.split(
    ' ',
  ),
);

/** The text that an edit brings: a file's own, or the lines that a diff adds. */
function addedText(edit: ChangeSetEdit): string {
  if (edit.kind === 'file') return edit.content;
  const added = edit.content.split('\n').filter((line) => line.startsWith('+') && !line.startsWith('+++'));
  return added.map((line) => line.slice(1)).join('\n');
}

/** The references of an edit's text to files that may be of this repository, in the order in which they stand. */
export function findReferences(edit: ChangeSetEdit): Reference[] {
  const text = addedText(edit);
  const folder = edit.path.includes('/') ? edit.path.slice(0, edit.path.lastIndexOf('/')) : '';
  switch (languageOf(edit.path)) {
    case 'script':
      return quoted(text, /(?:\bfrom|\bimport|\brequire)\s*\(?\s*['"`]([^'"`\n]{1,300})['"`]/g, folder);
    case 'python':
      return readPython(text, folder);
    case 'go':
      return readGo(text);
    case 'rust':
      return readRust(text, folder);
    case 'jvm':
      return matches(text, /^\s*import\s+(?:static\s+)?([\w.]+)/gm).map((name) => ending(name.replaceAll('.', '/')));
    case 'ruby':
      return [
        ...matches(text, /^\s*require_relative\s*\(?\s*['"]([^'"\n]+)['"]/gm).map((name) => relative(name, folder)),
        ...matches(text, /^\s*require\s*\(?\s*['"]([^'"\n]+)['"]/gm).map((name) => ending(name)),
      ];
    case 'c':
      return matches(text, /^\s*#\s*include\s+"([^"\n]+)"/gm).map((name) => ending(name.replace(/^(?:\.\.?\/)+/, '')));
    case 'php':
      return matches(text, /\b(?:require|include)(?:_once)?\b[^'"\n;]{0,60}['"]([^'"\n]+)['"]/g).map((name) =>
        ending(name.replace(/^(?:\.?\.?\/)+/, '')),
      );
    default:
      return quoted(
        text,
        /(?:\b(?:src|href)\s*=|@(?:import|use)(?:\s+url\()?|\bsource)\s*['"]([^'"\n]{1,300})['"]/g,
        folder,
        {
          bareIsFile: true,
        },
      );
  }
}

function matches(text: string, pattern: RegExp): string[] {
  return [...text.matchAll(pattern)].flatMap((match) => match[1] ?? []);
}

function ending(name: string): Reference {
  return { kind: 'ending', name };
}

/** `../lib/x` from a folder, as a path from the root. What climbs out of the root names nothing: kept as an ending. */
function relative(name: string, folder: string): Reference {
  const parts = folder === '' ? [] : folder.split('/');
  for (const part of name.split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '.' && part !== '') parts.push(part);
  }
  return { kind: 'path', name: parts.join('/') };
}

/** References in quotes: relative ones, aliases of the root (`#src/x`, `@/x`, `~/x`), and names with a folder. */
function quoted(text: string, pattern: RegExp, folder: string, { bareIsFile = false } = {}): Reference[] {
  return matches(text, pattern).flatMap((raw): Reference[] => {
    const name = raw.replace(/[?#!].*$/, (tail) => (tail === raw ? tail : ''));
    if (/^\.\.?(?:\/|$)/.test(name)) return [relative(name, folder)];
    if (bareIsFile && !name.startsWith('/')) return [relative(name, folder)];
    const alias = name.replace(/^(?:[@~#]?\/|[#~])/, '');
    // A package's name has no folder; only what looks like a file of this repository counts.
    return alias !== name || /^[\w-]+\//.test(name) ? [ending(alias)] : [];
  });
}

function readPython(text: string, folder: string): Reference[] {
  const found: Reference[] = [];
  const from = /^[ \t]*from[ \t]+(\.*)([\w.]*)[ \t]+import[ \t]+(?:\(([^)]{1,2000})\)|([^\n#]{1,400}))/gm;
  for (const [, dots = '', module = '', inBrackets, inLine] of text.matchAll(from)) {
    const names = (inBrackets ?? inLine ?? '').split(',').flatMap((name) => /^\s*(\w+)/.exec(name)?.[1] ?? []);
    const base = module.replaceAll('.', '/');
    const all = [base, ...names.map((name) => (base === '' ? name : `${base}/${name}`))];
    if (dots !== '')
      found.push(
        ...all.filter((name) => name !== '').map((name) => relative(`${'../'.repeat(dots.length - 1)}${name}`, folder)),
      );
    else if (!pythonsOwn.has(module.split('.')[0] ?? '')) found.push(...all.map(ending));
  }
  for (const listed of matches(text, /^[ \t]*import[ \t]+([\w., \t]{1,400})/gm)) {
    for (const part of listed.split(',')) {
      const module = /^\s*([\w.]+)/.exec(part)?.[1] ?? '';
      if (module !== '' && !pythonsOwn.has(module.split('.')[0] ?? '')) found.push(ending(module.replaceAll('.', '/')));
    }
  }
  return found;
}

function readGo(text: string): Reference[] {
  const single = matches(text, /^\s*import\s+(?:[\w.]+\s+)?"([^"\n]+)"/gm);
  const blocks = matches(text, /^\s*import\s*\(([^)]{0,4000})\)/gm).flatMap((block) => matches(block, /"([^"\n]+)"/g));
  return [...single, ...blocks].map((name) => ({ kind: 'package', name }));
}

function readRust(text: string, folder: string): Reference[] {
  const own = matches(text, /^\s*(?:pub(?:\([^)]*\))?\s+)?mod\s+(\w+)\s*;/gm).map((name) => relative(name, folder));
  const crate = matches(text, /\bcrate::([\w:]+)/g).flatMap((path) => {
    const parts = path.split('::').filter((part) => part !== '');
    return parts.map((_, index) => ending(`src/${parts.slice(0, index + 1).join('/')}`));
  });
  return [...own, ...crate];
}
