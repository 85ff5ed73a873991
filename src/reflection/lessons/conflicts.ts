import type { LessonRow } from '#src/ledger/reflection-rows.ts';
import { isInForce } from './lesson.ts';
import { contradicts } from './resemblance.ts';
import type { Compared } from './resemblance.ts';

/** Ids of the lessons, waiting or in force, that say the opposite of these words. */
export function conflictsOf(words: Compared, lessons: readonly LessonRow[], at: string): string[] {
  return lessons
    .filter((lesson) => lesson.status === 'proposed' || isInForce(lesson, at))
    .filter((lesson) => contradicts(words, lesson))
    .map(({ id }) => id);
}

/** Other lessons that name this one as their opposite and, by its new words, are it no more: with what is left for each. */
export function settledElsewhere(edited: LessonRow, lessons: readonly LessonRow[]) {
  return lessons
    .filter(({ id, conflictsWith }) => id !== edited.id && conflictsWith.includes(edited.id))
    .filter((lesson) => !contradicts(edited, lesson))
    .map(({ id, conflictsWith }) => ({
      lessonId: id,
      conflictsWith: conflictsWith.filter((named) => named !== edited.id),
    }));
}
