import type { LessonRow } from '#src/ledger/reflection-rows.ts';
import type { Analysis } from '../analyse.ts';
import type { LessonProposal } from './lesson.ts';

/** What an analysis teaches, best first: what would be new, then what only adds to lessons that are there. */
export function lessonsFrom(_analysis: Analysis, _rows: readonly LessonRow[]): LessonProposal[] {
  return [];
}
