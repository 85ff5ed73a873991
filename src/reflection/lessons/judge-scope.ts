import { FactoryError } from '#src/errors.ts';
import { isPersonaName } from '#src/ports/personas.ts';
import { cleanLine } from '#src/safety/clean-text.ts';
import type { LessonScope } from './lesson.ts';

const MAX_PATH_CHARACTERS = 200;
/** A relative path as a person writes one: no spaces, no patterns, nothing that a prompt could be told with. */
const PATH = /^(?!.*(?:^|\/)\.{1,2}(?:\/|$))[\p{L}\p{N}_@.+-]+(?:\/[\p{L}\p{N}_@.+-]+)*$/u;

/** Throws FactoryError `lesson-scope` for a scope that no work could match. */
export function judgeScope({ kind, key }: LessonScope): void {
  if (kind === 'project' && key === null) return;
  if (kind === 'persona' && key !== null && key === key.toLowerCase() && isPersonaName(key)) return;
  if (kind === 'path' && key !== null && key.length <= MAX_PATH_CHARACTERS && PATH.test(key)) return;
  throw new FactoryError('lesson-scope', `“${cleanLine(key ?? '', 80)}” is no ${SCOPE_WORDS[kind]}.`, {
    fix: 'Name a folder or file from the top of the repository such as src/cart, a persona such as ollan, or nothing.',
  });
}

const SCOPE_WORDS: Readonly<Record<LessonScope['kind'], string>> = {
  project: 'part of a project',
  path: 'folder or file of a repository',
  persona: 'persona',
};
