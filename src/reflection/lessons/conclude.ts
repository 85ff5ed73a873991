import type { Share } from '../statistics.ts';
import type { Exposure } from './exposure.ts';
import { differenceInterval, SURE_95, SURE_995 } from './interval.ts';
import type { Interval } from './interval.ts';

export interface Conclusion {
  /** By how much the share changed, 95 % interval; below zero is better. null: there is nothing to compare. */
  difference: Interval | null;
  verdict: 'helped' | 'did-nothing' | 'made-worse' | 'too-early';
}

/** A change within fewer tasks convinces nobody, however the numbers lie. */
const MIN_TASKS = 10;
/** To say that something did nothing takes more. */
const MIN_TASKS_FOR_NOTHING = 20;
/** A lesson that does not even halve its failure is not worth its place in every prompt. */
const WORTH_IT = 0.5;

/**
 * What the counts of a lesson amount to. One failing task is taken off the past, for the failure that made people look;
 * `effectsOf` says why.
 */
export function conclude({ before, after, without }: Omit<Exposure, 'since'>): Conclusion {
  const past = before.count === 0 ? before : { count: before.count - 1, of: before.of - 1 };
  if (past.of === 0 || after.of === 0) return { difference: null, verdict: 'too-early' };
  const compared = { before: past, now: after };
  return {
    difference: differenceInterval(compared, { quantile: SURE_95 }),
    verdict: after.of < MIN_TASKS ? 'too-early' : verdictOn(compared, without),
  };
}

function verdictOn(compared: { before: Share; now: Share }, without: Share): Conclusion['verdict'] {
  const { low, high } = differenceInterval(compared, { quantile: SURE_995 });
  if (high < 0) return isMaybeNoMerit(without, compared.now) ? 'too-early' : 'helped';
  if (low > 0) return 'made-worse';
  if (compared.now.of < MIN_TASKS_FOR_NOTHING) return 'too-early';
  const overHalf = differenceInterval(compared, { quantile: SURE_995, weight: WORTH_IT });
  return overHalf.low > 0 ? 'did-nothing' : 'too-early';
}

/** Whether there are tasks without the lesson that do not fare worse for certain, so that it may be something else. */
export function isMaybeNoMerit(without: Share, after: Share): boolean {
  if (without.of < MIN_TASKS) return false;
  return differenceInterval({ before: without, now: after }, { quantile: SURE_95 }).high >= 0;
}
