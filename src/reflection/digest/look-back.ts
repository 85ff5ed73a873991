import type { LessonRow } from '#src/ledger/reflection-rows.ts';
import type { UnitOfWork } from '#src/ports/unit-of-work.ts';
import { analyse } from '../analyse.ts';
import type { Analysis } from '../analyse.ts';
import { effectSentence } from '../lessons/effect.ts';
import type { LessonEffect } from '../lessons/effect.ts';
import { readEffects } from '../lessons/read-effects.ts';
import type { Period } from '../period.ts';
import type { LedgerReading } from '../read-histories.ts';
import { retrospect } from '../retrospective.ts';
import type { Retrospective } from '../retrospective.ts';
import { bestEffect } from './best-effect.ts';
import { detailsOf } from './details.ts';
import type { DetailSection } from './details.ts';

/** What the ledger says about a stretch of a project's time, with nothing in it decided or written down. */
export interface LookBack {
  analysis: Analysis;
  lessons: readonly LessonRow[];
  /** Of the lessons that were accepted, up to now. */
  effects: readonly LessonEffect[];
}

/** It in words. */
export interface Told {
  retrospective: Retrospective;
  details: DetailSection[];
}

export async function lookBack(
  unitOfWork: Pick<UnitOfWork, 'tables' | 'artifacts'>,
  reading: LedgerReading,
  { projectId, period }: { projectId: string; period: Period },
): Promise<LookBack> {
  const analysis = await analyse(unitOfWork, reading, { projectId, period });
  const lessons = await unitOfWork.tables.find('lessons', { projectId }, { orderBy: 'number' });
  const histories = reading.histories.filter((history) => history.projectId === projectId);
  return { analysis, lessons, effects: await readEffects(unitOfWork, { histories }, lessons) };
}

/** `asked`: the lessons that people are asked about. `notAgain`: the lesson that was told of last time. */
export async function tell(
  { tables }: Pick<UnitOfWork, 'tables'>,
  { analysis, lessons, effects }: LookBack,
  { asked, notAgain = null }: { asked: readonly LessonRow[]; notAgain?: string | null },
): Promise<Told> {
  const effectOf = (lesson: LessonRow): string | null => {
    const effect = effects.find(({ lessonId }) => lessonId === lesson.id);
    return effect === undefined || effect.verdict === 'not-countable' ? null : effectSentence(lesson, effect);
  };
  const learned = {
    better: bestEffect(lessons, effects, notAgain),
    asked: asked.map((lesson) => ({ lesson, effect: effectOf(lesson) })),
  };
  return { retrospective: await retrospect(tables, analysis, learned), details: detailsOf(analysis) };
}

/** More are in the answer to `lessons`. */
const MAX_OPEN = 3;

/** The newest lessons that wait for a person, to count or to go. */
export function openLessons(lessons: readonly LessonRow[]): LessonRow[] {
  return lessons
    .filter(({ status, retirementProposed }) => status === 'proposed' || retirementProposed)
    .slice(-MAX_OPEN);
}
