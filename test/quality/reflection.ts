import { analyse } from '#src/reflection/analyse.ts';
import type { Analysis } from '#src/reflection/analyse.ts';
import { lessonsFrom } from '#src/reflection/lessons/from-evidence.ts';
import { readHistories } from '#src/reflection/read-histories.ts';
import type { Table } from '#test/bench/table.ts';
import { plant } from '#test/reflection/planted/plant.ts';
import { measureFates } from './lesson-fates.ts';
import { measureLooks } from './lesson-looks.ts';
import { count, none, SCORE_COLUMNS, scoreRow } from './score.ts';

const SEEDS = 60;

/** What is found in planted ledgers, and what is said of lessons whose fate is known. */
export async function measureReflection(): Promise<Table[]> {
  return [await measureAnalysis(), await measureFates(), measureLooks()];
}

/** Ledgers with failures that come again, steps that got slow, and weeks without either. */
async function measureAnalysis(): Promise<Table> {
  const scores = {
    'failures that come again': none(),
    'folders that fail alike': none(),
    'steps that got slow': none(),
    'lessons proposed of them': none(),
  };
  for (let seed = 1; seed <= SEEDS; seed += 1) {
    const slowed = seed % 3 === 0 ? 'plan' : seed % 3 === 1 ? 'check' : null;
    const { ledger, projectId, period, truth } = plant({ seed, tasksAWeek: 24, weeks: 5, recurring: seed % 4, slowed });
    const analysis = await analyse(ledger, await readHistories(ledger), { projectId, period });
    count(scores['failures that come again'], {
      planted: truth.recurring,
      found: analysis.recurring.map(({ test }) => test ?? ''),
    });
    count(scores['folders that fail alike'], {
      planted: truth.patterns,
      found: analysis.patterns.map(({ place }) => place),
    });
    count(scores['steps that got slow'], {
      planted: truth.slowed,
      found: analysis.slowed.map(({ repoId, step }) => `${repoId}/${step}`),
    });
    count(scores['lessons proposed of them'], {
      planted: truth.recurring,
      found: taught(analysis),
      either: truth.patterns,
    });
  }
  return {
    title: `What an analysis finds in ${SEEDS} planted ledgers`,
    columns: SCORE_COLUMNS,
    rows: Object.entries(scores).map(([name, score]) => scoreRow(name, score)),
    note:
      'Noise: one task in four fails once in words that are alike, step times spread over a factor of three. A lesson ' +
      'about a folder that fails alike is neither asked for nor wrong.',
  };
}

/** What the proposed lessons are about: a test, a folder, or in words. */
function taught(analysis: Analysis): string[] {
  return lessonsFrom(analysis, []).map(({ about, scope, text }) => {
    const failure = analysis.recurring.find(({ fingerprint }) => fingerprint === about?.fingerprint);
    return failure?.test ?? scope.key ?? text;
  });
}
