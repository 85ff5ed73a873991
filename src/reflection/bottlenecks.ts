import type { Period } from './period.ts';
import { within } from './period.ts';
import { median, quantile, signTest, sum } from './statistics.ts';
import type { StepTaken, TaskHistory } from './task-history.ts';

/** One kind of step in one repository over a period. Times in ms; queue time is apart from work time. */
export interface StepLoad {
  persona: string;
  step: string;
  repoId: string;
  count: number;
  workMs: number;
  queueMs: number;
  medianWorkMs: number;
  p90WorkMs: number;
}

/** A step that takes longer than it used to, by more than chance. */
export interface SlowedStep {
  persona: string;
  step: string;
  repoId: string;
  medianMs: number;
  beforeMs: number;
  count: number;
  /** Events that ended those steps. */
  seqs: number[];
}

/** Fewer say nothing. */
const MIN_STEPS = 5;
/** Less is not worth anybody's time. */
const MIN_RATIO = 1.5;
const MIN_DIFFERENCE_MS = 1_000;
/** One alarm in a hundred comparisons may be by chance. */
const CHANCE = 0.01;

/** All steps that ended in the period, what took longest in all first. */
export function loadOfSteps(histories: readonly TaskHistory[], period: Period): StepLoad[] {
  const loads = [...stepsByPlace(histories, period)].map(([, { persona, step, repoId, steps }]): StepLoad => {
    const works = steps.map(({ workMs }) => workMs);
    return {
      ...{ persona, step, repoId },
      count: steps.length,
      workMs: sum(works),
      queueMs: sum(steps.map(({ queueMs }) => queueMs)),
      medianWorkMs: median(works) ?? 0,
      p90WorkMs: quantile(works, 0.9) ?? 0,
    };
  });
  return loads.toSorted((a, b) => b.workMs + b.queueMs - (a.workMs + a.queueMs));
}

/** Compares with the same step of the same repository in the time before. */
export function slowedSteps(histories: readonly TaskHistory[], period: Period, before: Period): SlowedStep[] {
  const earlier = stepsByPlace(histories, before);
  return [...stepsByPlace(histories, period)].flatMap(([place, { persona, step, repoId, steps }]): SlowedStep[] => {
    const past = (earlier.get(place)?.steps ?? []).map(({ workMs }) => workMs);
    const now = steps.map(({ workMs }) => workMs);
    if (now.length < MIN_STEPS || past.length < MIN_STEPS) return [];
    const [beforeMs, medianMs] = [median(past) ?? 0, median(now) ?? 0];
    const isWorthIt = medianMs >= beforeMs * MIN_RATIO && medianMs - beforeMs >= MIN_DIFFERENCE_MS;
    const above = now.filter((ms) => ms > beforeMs).length;
    if (!isWorthIt || signTest(above, now.length) > CHANCE) return [];
    return [{ persona, step, repoId, medianMs, beforeMs, count: now.length, seqs: steps.map(({ seq }) => seq) }];
  });
}

interface StepsOfPlace {
  persona: string;
  step: string;
  repoId: string;
  steps: StepTaken[];
}

function stepsByPlace(histories: readonly TaskHistory[], period: Period): Map<string, StepsOfPlace> {
  const places = new Map<string, StepsOfPlace>();
  for (const { repoId, steps } of histories) {
    for (const taken of steps) {
      if (!within(period, taken.endedAt)) continue;
      const { persona, step } = taken;
      const key = [persona, step, repoId].join('/');
      const place = places.get(key) ?? { persona, step, repoId, steps: [] };
      places.set(key, place);
      place.steps.push(taken);
    }
  }
  return places;
}
