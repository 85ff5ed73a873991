import { isPathToken } from './path-token.ts';

/** The paths that one line of a list names: those in code marks, else its words that look like one. */
export function pathsIn(line: string): string[] {
  const marked = [...line.matchAll(/`([^`]+)`/g)].flatMap(([, path]) => path?.trim() ?? []);
  const words =
    marked.length > 0 ? marked : line.split(/[\s,;]+/).map((word) => word.replace(/^["'(]+|["'):.]+$/g, ''));
  return words.filter((word) => isPathToken(word) || isFolder(word));
}

function isFolder(word: string): boolean {
  return /^(?:[\w@.-]+\/)+$/.test(word);
}
