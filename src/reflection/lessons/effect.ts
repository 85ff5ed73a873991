import type { LessonRow, LessonUseRow } from '#src/ledger/reflection-rows.ts';
import { cleanLine } from '#src/safety/clean-text.ts';
import type { Failure } from '../failures.ts';
import type { TaskHistory } from '../task-history.ts';
import { conclude, isMaybeNoMerit } from './conclude.ts';
import type { Conclusion } from './conclude.ts';
import { exposureTo } from './exposure.ts';
import type { Exposure } from './exposure.ts';
import { judgedTasks } from './judged-tasks.ts';
import { isInForce } from './lesson.ts';

/** What became of a lesson's failure. */
export interface LessonEffect extends Exposure {
  lessonId: string;
  /** What failed, as the test or check calls itself; null: it was not seen. */
  failing: string | null;
  difference: Conclusion['difference'];
  /** `not-countable`: it is about no failure that is known, or nobody has accepted it. */
  verdict: Conclusion['verdict'] | 'not-countable';
}

/** An interval from 10 to 50 % fewer failures says that something helps and leaves open how much. */
const WIDE = 0.4;
const MAX_NAME_CHARACTERS = 90;
const DAY_MS = 86_400_000;
/** Whoever wants a lesson to stay is not asked again for a season. */
const REST_DAYS = 90;

/**
 * What lessons did, as far as tasks with verdicts tell; in the order of the lessons.
 *
 * **What is counted.** A task of the lesson's repository that a model was asked in, once it has a verdict of checks that
 * ran; for a lesson about a path only where its first plan names a file there. It counts as failing where any of its
 * verdicts found the lesson's failure. `before`: first judged in the 90 days before the lesson counted in the words that
 * it has. `after`: first judged since, with the lesson in a context pack before that verdict. `without`: first judged
 * since and without it. A task whose verdicts were erased could be either, and is left out.
 *
 * **The trap.** A lesson is proposed *because* its failure had just been frequent, so it would be rarer afterwards even
 * if nobody read it (regression to the mean). Leaving out the tasks that led to the lesson would take failing ones alone
 * and hide every effect; leaving out their whole week would hide it for failures that are new. Here the past goes back as
 * far as it is like today, so that the bad week is one of many, and one failing task is taken off it before anything is
 * concluded: whoever waits for the k-th failure in n tasks estimates its rate by (k - 1) / (n - 1), not by k / n
 * (J. B. S. Haldane, Biometrika 33, 1945, 222-225). `before` itself has the plain counts.
 *
 * **Many looks.** The verdict is looked at every week, and one certainty of 95 % a look would err far more often than
 * once in twenty. Each look takes 99.5 %: then, over 26 weeks, fewer than one lesson in twenty that changes nothing is
 * ever said to help or to harm, and fewer than one in twenty that halves its failure to do nothing. `npm run quality`
 * measures it.
 *
 * **What it cannot say.** Why. A failure that ended by itself in the week of the lesson looks the same, unless tasks
 * without the lesson show it: then nothing is claimed. Only giving the lesson to tasks by lot would prove more.
 *
 * `failures` are those of all `histories`, not of one week. `planned`: the files of each task's first plan, by its id.
 */
export function effectsOf(
  lessons: readonly LessonRow[],
  uses: readonly LessonUseRow[],
  histories: readonly TaskHistory[],
  failures: readonly Failure[],
  planned: ReadonlyMap<string, readonly string[]> = new Map(),
): LessonEffect[] {
  const judged = judgedTasks(histories, failures);
  const usesOf = Map.groupBy(uses, ({ lessonId }) => lessonId);
  return lessons.map((lesson): LessonEffect => {
    const { id, repoId, fingerprint, decidedAt } = lesson;
    const isCountable = repoId !== null && fingerprint !== null && decidedAt !== null;
    const exposure = exposureTo(lesson, {
      tasks: isCountable ? judged.inRepo(repoId) : [],
      failed: judged.failedWith(repoId ?? '', fingerprint ?? ''),
      uses: usesOf.get(id) ?? [],
      planned,
    });
    const concluded = isCountable ? conclude(exposure) : { difference: null, verdict: 'not-countable' as const };
    return { lessonId: id, failing: judged.nameOf(repoId ?? '', fingerprint ?? ''), ...exposure, ...concluded };
  });
}

/** An effect in one sentence for people, with its counts. */
export function effectSentence({ number }: Pick<LessonRow, 'number'>, effect: LessonEffect): string {
  const { before, after, failing, verdict } = effect;
  if (verdict === 'not-countable') return `What lesson ${number} does cannot be counted.`;
  const name = failing === null ? 'Its failure' : `“${cleanLine(failing, MAX_NAME_CHARACTERS)}”`;
  const past = `${name} failed in ${before.count} of ${tasks(before.of)} before lesson ${number}`;
  if (after.of === 0) return `${past}; no task that was given it has been checked yet.`;
  return `${past}, and in ${after.count} of ${after.of} since${hedge(effect)}.`;
}

function hedge({ verdict, difference, after, without }: LessonEffect): string {
  switch (verdict) {
    case 'helped':
      return difference !== null && difference.high - difference.low > WIDE
        ? '; by how much it helps is not sure yet'
        : '';
    case 'did-nothing':
      return ': about as often';
    case 'made-worse':
      return ': more often';
    default:
      return isMaybeNoMerit(without, after) && (difference?.high ?? 0) < 0
        ? '; but tasks without it may do as well'
        : ', too few to be sure';
  }
}

function tasks(count: number): string {
  return `${count} ${count === 1 ? 'task' : 'tasks'}`;
}

/** Effects of the lessons that people should be asked to let go, most harmful first. Nobody is asked twice at a time. */
export function retirementsOf(
  effects: readonly LessonEffect[],
  lessons: readonly LessonRow[],
  at: Date,
): LessonEffect[] {
  const askable = new Set(lessons.filter((lesson) => isAskable(lesson, at)).map(({ id }) => id));
  return effects
    .filter(({ lessonId, verdict }) => askable.has(lessonId) && (verdict === 'did-nothing' || verdict === 'made-worse'))
    .toSorted((a, b) => (b.difference?.low ?? 0) - (a.difference?.low ?? 0));
}

function isAskable(lesson: LessonRow, at: Date): boolean {
  if (!isInForce(lesson, at) || lesson.retirementProposed) return false;
  return lesson.keptAt === null || at.getTime() - Date.parse(lesson.keptAt) >= REST_DAYS * DAY_MS;
}
