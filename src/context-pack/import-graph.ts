import { c } from './imports/c.ts';
import { go } from './imports/go.ts';
import { javascript } from './imports/javascript.ts';
import { jvm } from './imports/jvm.ts';
import { python } from './imports/python.ts';
import { folderOf } from './imports/reader.ts';
import type { ImportReader, Tree } from './imports/reader.ts';
import { ruby } from './imports/ruby.ts';
import { rust } from './imports/rust.ts';

/** Who imports whom, within the repository. */
export interface ImportGraph {
  imports(path: string): readonly string[];
  importedBy(path: string): readonly string[];
}

const readers: readonly ImportReader[] = [javascript, python, go, jvm, rust, ruby, c];
const readerOf = new Map(readers.flatMap((reader) => reader.endings.map((ending) => [ending, reader] as const)));
/** More files of one name tell nothing about which is meant. */
const MAX_SAME_TAIL = 3;

export function readImports(texts: ReadonlyMap<string, string>): ImportGraph {
  const tree = treeOf(texts);
  const imports = new Map<string, readonly string[]>();
  const importedBy = new Map<string, string[]>();
  for (const [path, text] of texts) {
    const reader = readerOf.get(path.slice(path.lastIndexOf('.')));
    if (reader === undefined) continue;
    const targets = [...new Set(reader.targets(path, text, tree))].filter((target) => target !== path);
    imports.set(path, targets);
    for (const target of targets) {
      const users = importedBy.get(target);
      if (users) users.push(path);
      else importedBy.set(target, [path]);
    }
  }
  return { imports: (path) => imports.get(path) ?? [], importedBy: (path) => importedBy.get(path) ?? [] };
}

function treeOf(texts: ReadonlyMap<string, string>): Tree {
  const byName = new Map<string, string[]>();
  const byFolder = new Map<string, string[]>();
  const add = (map: Map<string, string[]>, key: string, path: string) => {
    const paths = map.get(key);
    if (paths) paths.push(path);
    else map.set(key, [path]);
  };
  for (const path of texts.keys()) {
    add(byName, path.slice(path.lastIndexOf('/') + 1), path);
    add(byFolder, folderOf(path), path);
  }
  return {
    has: (path) => texts.has(path),
    endingWith(tail) {
      const named = byName.get(tail.slice(tail.lastIndexOf('/') + 1)) ?? [];
      const found = named.filter((path) => path === tail || path.endsWith(`/${tail}`));
      return found.length > MAX_SAME_TAIL ? [] : found;
    },
    filesIn: (folder) => byFolder.get(folder) ?? [],
    text: (path) => texts.get(path) ?? null,
  };
}
