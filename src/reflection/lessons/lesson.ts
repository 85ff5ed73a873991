import type { LessonRow } from '#src/ledger/reflection-rows.ts';

/** What a lesson tells: how to work, what to look at before work is done, or what helped against a known failure. */
export type LessonKind = LessonRow['kind'];

/** For whom it is. `key`: a folder or file of the repository, or a persona's name; null for the whole project. */
export interface LessonScope {
  kind: LessonRow['scopeKind'];
  key: string | null;
}

/** Something to learn, before anybody has decided on it. */
export interface LessonProposal {
  projectId: string;
  /** `evidence`: the ledger shows it; `told`: a person said so. */
  origin: LessonRow['origin'];
  kind: LessonKind;
  scope: LessonScope;
  /** The failure by which its effect can be counted; null: it cannot be. */
  about: { repoId: string; fingerprint: string } | null;
  text: string;
  /** Events that show it, by their `seq`. */
  evidence: number[];
}

/** Half a year: a rule about code that nobody has looked at for so long is more likely wrong than right. */
export const LESSON_LIFE_DAYS = 180;

/** All lessons of a project, so that numbers and duplicates are decided where nobody comes between. */
export const lessonsStream = (projectId: string): string => `lessons:${projectId}`;

/** Whether work is to follow it: a person accepted it, and it has not run out. */
export function isInForce({ status, expiresAt }: Pick<LessonRow, 'status' | 'expiresAt'>, at: Date | string): boolean {
  return status === 'accepted' && expiresAt !== null && Date.parse(expiresAt) > new Date(at).getTime();
}
