import type { LessonRow } from '#src/ledger/reflection-rows.ts';

/** What two lessons are compared by. */
export type Compared = Pick<LessonRow, 'scopeKind' | 'scopeKey' | 'repoId' | 'fingerprint' | 'text'>;

/** Whether both say the same: they are about the same failure for the same work, or use nearly the same words for it. */
export function isSameLesson(one: Compared, other: Compared): boolean {
  if (one.scopeKind !== other.scopeKind || one.scopeKey !== other.scopeKey) return false;
  const isAbout = one.fingerprint !== null && one.fingerprint === other.fingerprint && one.repoId === other.repoId;
  return isAbout || one.text === other.text;
}

/** Whether following one is plainly to break the other. */
export function contradicts(_one: Compared, _other: Compared): boolean {
  return false;
}
