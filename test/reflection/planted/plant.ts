import { createPlantedLedger } from './ledger.ts';
import type { PlantedLedger } from './ledger.ts';
import { createChance } from './chance.ts';
import { failureOf, noise } from './failures.ts';
import { writeTask } from './task-life.ts';
import type { TaskPlan } from './task-life.ts';

const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;

export interface Planted {
  ledger: PlantedLedger;
  projectId: string;
  /** The last week of the ledger, and the weeks before it. */
  period: { from: string; until: string };
  truth: {
    /** Names of tests that fail again and again in the last week. */
    recurring: string[];
    /** Folders that failures of one kind keep coming from. */
    patterns: string[];
    /** Steps that take longer in the last week. */
    slowed: string[];
    merged: number;
  };
}

export interface PlantOptions {
  seed: number;
  tasksAWeek: number;
  weeks: number;
  /** How many recurring failures, and whether a persona got slow. */
  recurring: number;
  slowed: 'plan' | 'check' | null;
}

const END_MS = Date.parse('2026-11-23T00:00:00.000Z');

/**
 * A project's weeks with what is to be found, and with noise: failures that come once, in words that are alike; steps
 * whose times spread over a factor of three; tasks that people turn down.
 */
export function plant({ seed, tasksAWeek, weeks, recurring, slowed }: PlantOptions): Planted {
  const chance = createChance(seed);
  const { ledger, add } = createPlantedLedger();
  const projectId = 'project';
  const from = END_MS - 7 * DAY_MS;
  const plans: TaskPlan[] = [];
  let number = 0;
  for (let week = weeks - 1; week >= 0; week--) {
    for (let task = 0; task < tasksAWeek; task++) {
      number += 1;
      const slow = (step: string): number => (week === 0 && slowed === step ? 2.5 : 1);
      plans.push({
        ...{ number, projectId, repoId: chance.pick(['repo-a', 'repo-b']) },
        committedAtMs: END_MS - (week + 1) * 7 * DAY_MS + Math.floor(((task + 0.5) / tasksAWeek) * 6 * DAY_MS),
        ideaMs: chance.between(5, 600) * MINUTE_MS,
        workMs: {
          scope: chance.between(3, 9) * 1_000,
          plan: chance.between(5, 15) * slow('plan') * 1_000,
          lock: chance.between(3, 9) * 1_000,
          build: chance.between(20, 60) * 1_000,
          check: chance.between(10, 30) * slow('check') * 1_000,
        },
        queueMs: chance.between(10, 500),
        failures: chance.below(0.25) ? [[noise(chance, number)]] : [],
        reviewMs: chance.between(5, 120) * MINUTE_MS,
        end: chance.below(0.1) ? chance.pick(['rejected', 'cancelled'] as const) : 'merged',
      });
    }
  }
  const names = Array.from({ length: recurring }, (_, index) => `${chance.word()} > ${chance.word()} ${index}`);
  const lastWeek = plans.filter(({ committedAtMs }) => committedAtMs >= from);
  for (const [index, name] of names.entries()) {
    const hit = lastWeek.filter((_, place) => place % (recurring + 1) === index).slice(0, 4);
    for (const plan of hit) {
      plan.repoId = 'repo-a';
      plan.failures = [[failureOf(chance, name)]];
    }
  }
  for (const plan of plans) writeTask(add, plan);
  return {
    ledger,
    projectId,
    period: { from: new Date(from).toISOString(), until: new Date(END_MS + DAY_MS).toISOString() },
    truth: {
      recurring: names,
      patterns: names.length === 0 ? [] : ['src/cart'],
      slowed: slowed === null ? [] : ['repo-a', 'repo-b'].map((repo) => `${repo}/${slowed}`),
      merged: lastWeek.filter(({ end }) => end === 'merged').length,
    },
  };
}
