import { captured, folderOf, joinPath } from './reader.ts';
import type { ImportReader } from './reader.ts';

export const c: ImportReader = {
  endings: ['.c', '.h', '.cc', '.cpp', '.cxx', '.hpp', '.hh', '.m', '.mm'],
  targets: (path, text, tree) =>
    captured(text, /^[ \t]*#[ \t]*(?:include|import)[ \t]*["<]([^">\n]+)[">]/gm).flatMap((name) => {
      const beside = joinPath(folderOf(path), name);
      return beside !== null && tree.has(beside) ? [beside] : tree.endingWith(name);
    }),
};
