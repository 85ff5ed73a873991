import type { LessonRow } from '#src/ledger/reflection-rows.ts';
import type { TableReader } from '#src/ports/unit-of-work.ts';
import { fingerprintOf } from '#src/reflection/fingerprint.ts';
import { createChance } from './chance.ts';
import { failureOf } from './failures.ts';
import { foldAll } from './fold.ts';
import { createPlantedLedger } from './ledger.ts';
import type { PlantedLedger } from './ledger.ts';
import { tablesOfFold } from './tables.ts';
import { writeTask } from './task-life.ts';

const HOUR_MS = 3_600_000;
const WEEK_MS = 7 * 24 * HOUR_MS;
const START_MS = Date.parse('2026-06-01T00:00:00.000Z');

/** What becomes of a lesson's failure. `noise`: it is rare, and came together by chance in the week before the lesson. */
export type Fate = 'works' | 'does-nothing' | 'harms' | 'noise';

export interface LessonsOptions {
  seed: number;
  /** Each touches the folder of one lesson. */
  tasksAWeek: number;
  weeksBefore: number;
  weeksSince: number;
  /** One lesson each. */
  fates: readonly [Fate, ...Fate[]];
  /** Which share of the later tasks is given no lesson. */
  withoutLesson?: number;
}

export interface PlantedLessons {
  ledger: PlantedLedger;
  /** Made of the ledger, as a replay makes them. */
  tables: TableReader;
  projectId: string;
  lessons: LessonRow[];
  fateOf: ReadonlyMap<string, Fate>;
  now: Date;
}

/** A project's weeks before and since some lessons, each about a folder's own failure. */
export async function plantLessons(options: LessonsOptions): Promise<PlantedLessons> {
  const { seed, tasksAWeek, weeksBefore, weeksSince, fates, withoutLesson = 0 } = options;
  const chance = createChance(seed);
  const { ledger, add } = createPlantedLedger();
  const projectId = 'project';
  const lessons = fates.map((fate, index) => {
    const place = `src/${'abcdefghij'.charAt(index)}${chance.word()}`;
    const rate = fate === 'noise' ? 0.04 : chance.between(30, 50) / 100;
    return { lessonId: `lesson-${index + 1}`, fate, place, rate, name: `${chance.word()} > ${place} holds` };
  });
  type Planned = (typeof lessons)[number];
  let number = 0;
  const task = (week: number, index: number, isSince: boolean): void => {
    number += 1;
    const lesson = lessons[number % lessons.length] as Planned;
    const isGiven = isSince && !chance.below(withoutLesson);
    const isCluster = lesson.fate === 'noise' && week === weeksBefore - 1 && index < 3 * lessons.length;
    const fails = isCluster || chance.below(isGiven ? rateSince(lesson) : lesson.rate);
    writeTask(add, {
      ...{ number, projectId, repoId: 'repo', paths: [`${lesson.place}/it.ts`] },
      committedAtMs: START_MS + week * WEEK_MS + Math.floor((index / tasksAWeek) * 6 * 24 * HOUR_MS),
      ...{ ideaMs: HOUR_MS, workMs: {}, queueMs: 100, reviewMs: HOUR_MS, end: 'merged' },
      failures: fails ? [[failureOf(chance, lesson.name, `${lesson.place}/it.ts`)]] : [],
      lessonIds: isGiven ? [lesson.lessonId] : [],
    });
  };
  for (let week = 0; week < weeksBefore; week++) for (let n = 0; n < tasksAWeek; n++) task(week, n, false);
  const acceptedAtMs = START_MS + weeksBefore * WEEK_MS - HOUR_MS;
  for (const [index, { lessonId, place, name }] of lessons.entries()) {
    const about = { repoId: 'repo', fingerprint: fingerprintOf(failureOf(chance, name, `${place}/it.ts`)).key };
    add({
      type: 'lesson.proposed',
      at: acceptedAtMs - HOUR_MS,
      actor: 'persona:moltbot',
      body: {
        ...{ lessonId, projectId, number: index + 1, origin: 'evidence', kind: 'check', about },
        ...{ scope: { kind: 'path', key: place }, evidence: [1], conflictsWith: [] },
      },
      content: { lessonId, text: `Run “${name}” before you hand over.` },
    });
    const expiresAt = new Date(acceptedAtMs + 26 * WEEK_MS).toISOString();
    add({ type: 'lesson.accepted', at: acceptedAtMs, actor: 'ada', body: { lessonId, expiresAt } });
  }
  for (let week = 0; week < weeksSince; week++) for (let n = 0; n < tasksAWeek; n++) task(weeksBefore + week, n, true);
  const tables = tablesOfFold(await foldAll(ledger));
  return {
    ...{ ledger, projectId, tables },
    lessons: await tables.find('lessons', { projectId }),
    fateOf: new Map(lessons.map(({ lessonId, fate }) => [lessonId, fate])),
    now: new Date(START_MS + (weeksBefore + weeksSince) * WEEK_MS - HOUR_MS),
  };
}

function rateSince({ fate, rate }: { fate: Fate; rate: number }): number {
  return fate === 'works' ? rate * 0.15 : fate === 'harms' ? Math.min(0.95, rate * 2) : rate;
}
