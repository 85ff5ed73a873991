import type { ChangeSetEdit } from './change-set.ts';

/** Names a file the way that code refers to it: `./slug.js`, `../src/slug`, `from pages.slug import`, `#include "slug.h"`. */
const REFERENCE =
  /(?:from|import|require|include|source|load)\s*\(?\s*['"<]([^'"<>\n]+)['">]|^\s*(?:from\s+([\w.]+)\s+import|import\s+([\w.]+))/gm;

/** The part of a path that references share whatever its folder and ending: `src/slug.js` is `slug`. */
function stem(path: string): string {
  const name = path.split('/').at(-1) ?? path;
  return name.replace(/\.[^.]+$/, '');
}

/** Paths of the earlier edits that the code of this one brings in, judged by the references in its text. */
export function pathsBroughtIn(edit: ChangeSetEdit, earlier: ReadonlySet<string>): string[] {
  const added =
    edit.kind === 'file'
      ? edit.content
      : edit.content
          .split('\n')
          .filter((line) => line.startsWith('+'))
          .map((line) => line.slice(1))
          .join('\n');
  const stems = new Set<string>();
  for (const [, quoted, pythonFrom, pythonImport] of added.matchAll(REFERENCE)) {
    const reference = quoted ?? (pythonFrom ?? pythonImport ?? '').replaceAll('.', '/');
    // A package's name has no folder; only what looks like a file of this repository counts.
    if (quoted === undefined || /^[.#@~/]|\//.test(reference) || /\.\w+$/.test(reference)) stems.add(stem(reference));
  }
  return [...earlier].filter((path) => path !== edit.path && stems.has(stem(path)));
}
