import { charactersFor } from './tokens.ts';

/** The wrapping of the list and its heading need room too. */
const FRAME_CHARACTERS = 400;

/** The paths of a repository as folders with their files, folded from the deepest up until they fit. */
export function treeText(paths: readonly string[], tokens: number): string {
  const room = charactersFor(tokens) - FRAME_CHARACTERS;
  const deepest = paths.reduce((most, path) => Math.max(most, path.split('/').length), 0);
  for (let depth = deepest; depth > 0; depth -= 1) {
    const text = foldedAt(paths, depth);
    if (text.length <= room) return text;
  }
  return '';
}

function foldedAt(paths: readonly string[], depth: number): string {
  const folders = new Map<string, { files: string[]; folded: number }>();
  for (const path of paths.toSorted()) {
    const parts = path.split('/');
    const isShown = parts.length <= depth;
    const name = (isShown ? parts.slice(0, -1) : parts.slice(0, depth)).join('/');
    const folder = folders.get(name) ?? { files: [], folded: 0 };
    if (isShown) folder.files.push(parts.at(-1) ?? path);
    else folder.folded += 1;
    folders.set(name, folder);
  }
  return [...folders]
    .map(([name, { files, folded }]) => {
      const more = folded === 0 ? [] : [`${folded} ${folded === 1 ? 'file' : 'files'}`];
      return `${name === '' ? '.' : name}/ ${[...files, ...more].join(' ')}`;
    })
    .join('\n');
}
