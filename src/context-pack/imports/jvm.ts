import { captured } from './reader.ts';
import type { ImportReader } from './reader.ts';

const IMPORT = /^import\s+(?:static\s+)?([\w.]+)/gm;

export const jvm: ImportReader = {
  endings: ['.java', '.kt', '.kts', '.scala'],
  targets: (_path, text, tree) =>
    captured(text, IMPORT).flatMap((name) => {
      const path = name.replaceAll('.', '/');
      // A static import names a member of the class.
      const outer = path.slice(0, Math.max(0, path.lastIndexOf('/')));
      return [path, outer].flatMap((tail) =>
        ['.java', '.kt', '.scala'].flatMap((ending) => tree.endingWith(`${tail}${ending}`)),
      );
    }),
};
