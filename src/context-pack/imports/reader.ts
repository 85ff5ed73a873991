/** Reads one language's imports. `targets` answers paths of the tree that a file's imports name; unknown ones are left out. */
export interface ImportReader {
  /** File endings, with the dot. */
  endings: readonly string[];
  targets(path: string, text: string, tree: Tree): string[];
}

export interface Tree {
  has(path: string): boolean;
  /** Paths that end with `/<tail>` or are it, at most a few. */
  endingWith(tail: string): readonly string[];
  /** Files right in a folder. */
  filesIn(folder: string): readonly string[];
  text(path: string): string | null;
}

/** `a/b` joined with `../c`; null when it leaves the tree. */
export function joinPath(folder: string, relative: string): string | null {
  const parts = folder === '' ? [] : folder.split('/');
  for (const part of relative.split('/')) {
    if (part === '' || part === '.') continue;
    if (part !== '..') parts.push(part);
    else if (parts.pop() === undefined) return null;
  }
  return parts.join('/');
}

export function folderOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('/')));
}

export function firstThere(tree: Tree, candidates: readonly (string | null)[]): string[] {
  const found = candidates.find((candidate) => candidate !== null && tree.has(candidate));
  return found == null ? [] : [found];
}

/** All matches of a pattern's first group. */
export function captured(text: string, pattern: RegExp): string[] {
  return [...text.matchAll(pattern)].flatMap(([, name]) => (name === undefined ? [] : [name]));
}
