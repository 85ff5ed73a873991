import { firstThere, folderOf } from './reader.ts';
import type { ImportReader, Tree } from './reader.ts';

const FROM = /^[ \t]*from[ \t]+(\.*)([\w.]*)[ \t]+import[ \t]+(\([^)]{0,4000}\)|[^\n#]+)/gm;
const IMPORT = /^[ \t]*import[ \t]+([\w., \t]+)/gm;

export const python: ImportReader = {
  endings: ['.py', '.pyi'],
  targets(path, text, tree) {
    const found: string[] = [];
    for (const [, dots = '', module = '', names = ''] of text.matchAll(FROM)) {
      const base = dots === '' ? module : relativeTo(path, dots.length, module);
      const members = names.match(/\w+/g) ?? [];
      found.push(...members.flatMap((name) => moduleFile(tree, base === '' ? name : `${base}.${name}`)));
      found.push(...moduleFile(tree, base));
    }
    for (const [, modules = ''] of text.matchAll(IMPORT))
      for (const module of modules.split(',')) found.push(...moduleFile(tree, module.trim().split(/\s/)[0] ?? ''));
    return found;
  },
};

function relativeTo(path: string, dots: number, module: string): string {
  const folders = folderOf(path).split('/').filter(Boolean);
  return [...folders.slice(0, folders.length - (dots - 1)), ...module.split('.')].filter(Boolean).join('.');
}

function moduleFile(tree: Tree, module: string): string[] {
  if (module === '') return [];
  const path = module.replaceAll('.', '/');
  const roots = ['', 'src/', 'lib/'];
  return firstThere(
    tree,
    roots.flatMap((root) => [`${root}${path}.py`, `${root}${path}/__init__.py`, `${root}${path}.pyi`]),
  );
}
