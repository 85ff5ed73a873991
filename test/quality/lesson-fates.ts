import { retirementsOf } from '#src/reflection/lessons/effect.ts';
import { readEffects } from '#src/reflection/lessons/read-effects.ts';
import { readHistories } from '#src/reflection/read-histories.ts';
import type { Table } from '#test/bench/table.ts';
import { plantLessons } from '#test/reflection/planted/plant-lessons.ts';
import type { Fate } from '#test/reflection/planted/plant-lessons.ts';
import { count, none, SCORE_COLUMNS, scoreRow } from './score.ts';

const SEEDS = 30;
/** About eight tasks a week in each lesson's folder, for most of a lesson's life. */
const SHAPE = { tasksAWeek: 32, weeksBefore: 12, weeksSince: 20, withoutLesson: 0.1 };
const FATES = ['works', 'does-nothing', 'harms', 'noise'] as const;

/** Projects with lessons that work, that do nothing, that do harm, and that were about noise. */
export async function measureFates(): Promise<Table> {
  const [helping, leaving] = [none(), none()];
  for (let seed = 1; seed <= SEEDS; seed += 1) {
    const { ledger, tables, lessons, fateOf, now } = await plantLessons({ ...SHAPE, seed, fates: FATES });
    const effects = await readEffects({ tables, artifacts: ledger.artifacts }, await readHistories(ledger), lessons);
    const of = (...fates: Fate[]): string[] => [...fateOf].flatMap(([id, fate]) => (fates.includes(fate) ? [id] : []));
    count(helping, {
      planted: of('works'),
      found: effects.filter(({ verdict }) => verdict === 'helped').map(({ lessonId }) => lessonId),
    });
    count(leaving, {
      planted: of('does-nothing', 'harms'),
      found: retirementsOf(effects, lessons, now).map(({ lessonId }) => lessonId),
      either: of('noise'),
    });
  }
  return {
    title: `What is found of ${FATES.length * SEEDS} lessons in ${SEEDS} planted ledgers`,
    columns: SCORE_COLUMNS,
    rows: [scoreRow('lessons that help', helping), scoreRow('lessons to let go', leaving)],
    note:
      `About ${SHAPE.tasksAWeek / FATES.length} tasks a week for each lesson, ${SHAPE.weeksBefore} weeks before it and ` +
      `${SHAPE.weeksSince} since; its failure in 30 to 50 % of them. One that works leaves a seventh of the failures, one ` +
      'that harms doubles them. Noise is a rare failure whose lesson came after a bad week; letting it go is neither right ' +
      'nor wrong.',
  };
}
