import { captured, firstThere, folderOf, joinPath } from './reader.ts';
import type { ImportReader } from './reader.ts';

export const ruby: ImportReader = {
  endings: ['.rb', '.rake'],
  targets: (path, text, tree) => [
    ...captured(text, /^\s*require_relative\s*\(?\s*['"]([^'"\n]+)['"]/gm).flatMap((name) => {
      const target = joinPath(folderOf(path), name);
      return target === null ? [] : firstThere(tree, [target, `${target}.rb`]);
    }),
    ...captured(text, /^\s*require\s*\(?\s*['"]([^'"\n]+)['"]/gm).flatMap((name) =>
      firstThere(tree, [`lib/${name}.rb`, `app/${name}.rb`, `${name}.rb`]),
    ),
  ],
};
