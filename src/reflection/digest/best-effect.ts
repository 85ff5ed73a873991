import type { LessonRow } from '#src/ledger/reflection-rows.ts';
import { effectSentence } from '../lessons/effect.ts';
import type { LessonEffect } from '../lessons/effect.ts';

/** The lesson that helped most, in words. `notAgain`: one that was told of last time, where there is another. */
export function bestEffect(
  lessons: readonly LessonRow[],
  effects: readonly LessonEffect[],
  notAgain: string | null,
): { lessonId: string; text: string } | null {
  const helped = effects
    .filter(({ verdict }) => verdict === 'helped')
    .toSorted((a, b) => gainOf(b) - gainOf(a) || (a.lessonId < b.lessonId ? -1 : 1));
  const best = helped.find(({ lessonId }) => lessonId !== notAgain) ?? helped[0];
  const lesson = lessons.find(({ id }) => id === best?.lessonId);
  return best === undefined || lesson === undefined
    ? null
    : { lessonId: lesson.id, text: effectSentence(lesson, best) };
}

function gainOf({ before, after }: LessonEffect): number {
  return before.count / Math.max(1, before.of) - after.count / Math.max(1, after.of);
}
