import { checkFilePath } from '#src/intake/file-path.ts';

/** What became of a path that people named for a task. */
export interface WantedPath {
  named: string;
  /** The files that it stands for; none: it is not taken. */
  files: readonly string[];
  /** Why not, or not all; null: it is shown as it was named. */
  why: string | null;
}

/** Of a folder that somebody names; the others are ranked like any file. */
const MAX_OF_FOLDER = 8;

/**
 * Which of the named paths are wanted files: only such as stand in the base, for a change could bring its own, and such
 * as a pack shows at all.
 */
export function judgeWanted(
  named: readonly string[],
  basePaths: readonly string[],
  texts: ReadonlyMap<string, string>,
): WantedPath[] {
  const inBase = new Set(basePaths);
  return named.map((path) => {
    const checked = checkFilePath(path.replace(/\/+$/, ''));
    if (!checked.ok) return { named: path, files: [], why: checked.reason };
    if (inBase.has(checked.path)) {
      if (texts.has(checked.path)) return { named: path, files: [checked.path], why: null };
      return {
        named: path,
        files: [],
        why: 'It is no text that a pack shows: a link, binary, generated or too large.',
      };
    }
    const inside = [...texts.keys()]
      .filter((file) => file.startsWith(`${checked.path}/`) && inBase.has(file))
      .toSorted();
    if (inside.length === 0) return { named: path, files: [], why: 'It is not in the repository.' };
    const why = inside.length > MAX_OF_FOLDER ? `It is a folder; the first ${MAX_OF_FOLDER} of its files count.` : null;
    return { named: path, files: inside.slice(0, MAX_OF_FOLDER), why };
  });
}
