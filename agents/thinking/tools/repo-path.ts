import type { FactoryError } from '#src/errors.ts';
import { refused } from './refused.ts';

/** Longer than any real path; file systems stop at 4,096 bytes. */
const MAX_PATH_CHARACTERS = 1_000;

/**
 * A path as a model wrote it, as git would write it: relative to the repository, without `./` and a last slash. Throws
 * FactoryError `tool-refused` for what is absolute, climbs, lies in git's own folder or cannot be a plain path. '' is
 * the repository itself.
 */
export function repoPath(given: string): string {
  const names = given.split('/').filter((name) => name !== '' && name !== '.');
  if (given.startsWith('/') || /^[a-z]:|^~/i.test(given)) throw refusedPath(given, 'it is not relative');
  if (names.includes('..')) throw refusedPath(given, 'it climbs out of the repository');
  // File systems that ignore case, and Windows' short names and streams, all lead to git's own folder too.
  if (names.some((name) => /^\.git(?:[\s.:]*$|::)|^git~\d/i.test(name))) throw refusedPath(given, "it is git's own");
  if (/[\p{Cc}\p{Cf}\\]/u.test(given))
    throw refusedPath(given, 'it holds a backslash or a character that cannot be seen');
  if (given.length > MAX_PATH_CHARACTERS) throw refusedPath(given.slice(0, 80), 'it is too long');
  return names.join('/');
}

/** As `repoPath`, and it names a file. */
export function filePath(given: string): string {
  const path = repoPath(given);
  if (path === '' || given.endsWith('/')) throw refusedPath(given, 'it names no file');
  return path;
}

function refusedPath(path: string, why: string): FactoryError {
  return refused(
    `The path ${JSON.stringify(path)} was refused: ${why}.`,
    'Give the path of a file inside the repository, such as src/main.ts.',
  );
}
