import { captured, firstThere, folderOf } from './reader.ts';
import type { ImportReader } from './reader.ts';

const MOD = /^[ \t]*(?:pub(?:\([^)]*\))?[ \t]+)?mod[ \t]+(\w+)[ \t]*;/gm;
const USE = /^[ \t]*(?:pub(?:\([^)]*\))?[ \t]+)?use[ \t]+((?:crate|super|self)(?:::\w+)+)/gm;

export const rust: ImportReader = {
  endings: ['.rs'],
  targets(path, text, tree) {
    const folder = folderOf(path);
    const isRoot = /(^|\/)(mod|lib|main)\.rs$/.test(path);
    /** Where the modules of this file lie. */
    const home = isRoot ? folder : path.slice(0, -'.rs'.length);
    const file = (base: string) => firstThere(tree, [`${base}.rs`, `${base}/mod.rs`]);
    const crate = /^(.*?\bsrc)\//.exec(path)?.[1] ?? folder;
    const within = (...parts: string[]) => parts.filter(Boolean).join('/');
    return [
      ...captured(text, MOD).flatMap((name) => file(within(home, name))),
      ...captured(text, USE).flatMap((name) => {
        const [start, ...rest] = name.split('::');
        const base = start === 'crate' ? crate : start === 'self' ? home : isRoot ? folderOf(folder) : folder;
        // The last words may name items of the module instead of modules.
        for (let length = rest.length; length > 0; length -= 1) {
          const found = file(within(base, ...rest.slice(0, length)));
          if (found.length > 0) return found;
        }
        return [];
      }),
    ];
  },
};
