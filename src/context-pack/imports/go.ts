import { captured } from './reader.ts';
import type { ImportReader } from './reader.ts';

const BLOCK = /^import\s*(?:\(([^)]{0,8000})\)|([^\n(]+))/gm;
/** A package is a folder; of a large one the first files stand for it. */
const MAX_FILES = 12;

export const go: ImportReader = {
  endings: ['.go'],
  targets(_path, text, tree) {
    const module = /^module\s+(\S+)/m.exec(tree.text('go.mod') ?? '')?.[1];
    if (module === undefined) return [];
    const named = [...text.matchAll(BLOCK)].flatMap(([, many, one]) => captured(many ?? one ?? '', /"([^"\n]+)"/g));
    return named
      .filter((name) => name.startsWith(`${module}/`))
      .flatMap((name) => tree.filesIn(name.slice(module.length + 1)))
      .filter((file) => file.endsWith('.go') && !file.endsWith('_test.go'))
      .slice(0, MAX_FILES);
  },
};
