import path from 'node:path';
import { protectingPattern } from '#src/qa/protected-paths.ts';
import type { MayEdit } from '../thinking/tools/may-edit.ts';

/** Everything but what the repository protects and the tests that the work is judged by. */
export function mayEditCode(protectedPaths: readonly string[], lockedTests: readonly string[]): MayEdit {
  const locked = new Set(lockedTests.map(comparable));
  return (file) => {
    if (locked.has(comparable(file))) return 'It is a locked test, which the code has to satisfy as it stands.';
    const pattern = protectingPattern(comparable(file), protectedPaths);
    return pattern === null ? null : `It is protected by "${pattern}".`;
  };
}

/** Of what the code rule allows, only these files. */
export function mayEditOnly(files: readonly string[], mayEdit: MayEdit): MayEdit {
  const allowed = new Set(files.map((file) => path.posix.normalize(file)));
  return (file) => {
    return allowed.has(path.posix.normalize(file))
      ? mayEdit(file)
      : 'It is not one of the files that this work touched.';
  };
}

/** Some file systems ignore letter case, and a path has many spellings. */
function comparable(file: string): string {
  return path.posix.normalize(file).toLowerCase();
}
