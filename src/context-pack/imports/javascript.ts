import { captured, firstThere, folderOf, joinPath } from './reader.ts';
import type { ImportReader, Tree } from './reader.ts';

const SPECIFIER = /(?:\bfrom|\bimport|\brequire\s*\(|\bimport\s*\()\s*['"]([^'"\n]{1,300})['"]/g;
const ENDINGS = ['.ts', '.tsx', '.mts', '.cts', '.js', '.jsx', '.mjs', '.cjs', '.vue', '.svelte'];

export const javascript: ImportReader = {
  endings: ENDINGS,
  targets: (path, text, tree) =>
    captured(text, SPECIFIER).flatMap((specifier) => {
      if (specifier.startsWith('.')) return resolve(tree, joinPath(folderOf(path), specifier));
      // Aliases such as `#src/a.ts`, `@/a` and `~/a`; a package of that name is simply not in the tree.
      const local = specifier.replace(/^(?:[#@~]\/?)/, '');
      const found = resolve(tree, local);
      return found.length > 0 || !/^[#@~]/.test(specifier) ? found : resolve(tree, `src/${local}`);
    }),
};

function resolve(tree: Tree, target: string | null): string[] {
  if (target === null) return [];
  const bare = target.replace(/\.[cm]?jsx?$/, '');
  return firstThere(tree, [
    target,
    ...ENDINGS.flatMap((ending) => [`${target}${ending}`, `${bare}${ending}`]),
    ...ENDINGS.map((ending) => `${target}/index${ending}`),
  ]);
}
