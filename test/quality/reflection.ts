import { analyse } from '#src/reflection/analyse.ts';
import { readHistories } from '#src/reflection/read-histories.ts';
import type { Table } from '#test/bench/table.ts';
import { plant } from '#test/reflection/planted/plant.ts';

const SEEDS = 60;

/** How much of what was planted is found, and how much of what is found was planted. */
interface Score {
  planted: number;
  found: number;
  right: number;
}

/** Ledgers with failures that come again, steps that got slow, and weeks without either. */
export async function measureReflection(): Promise<Table> {
  const scores = {
    'failures that come again': none(),
    'folders that fail alike': none(),
    'steps that got slow': none(),
  };
  for (let seed = 1; seed <= SEEDS; seed += 1) {
    const slowed = seed % 3 === 0 ? 'plan' : seed % 3 === 1 ? 'check' : null;
    const { ledger, projectId, period, truth } = plant({ seed, tasksAWeek: 24, weeks: 5, recurring: seed % 4, slowed });
    const analysis = await analyse(ledger, await readHistories(ledger), { projectId, period });
    count(
      scores['failures that come again'],
      truth.recurring,
      analysis.recurring.map(({ test }) => test ?? ''),
    );
    count(
      scores['folders that fail alike'],
      truth.patterns,
      analysis.patterns.map(({ place }) => place),
    );
    count(
      scores['steps that got slow'],
      truth.slowed,
      analysis.slowed.map(({ repoId, step }) => `${repoId}/${step}`),
    );
  }
  return {
    title: `What an analysis finds in ${SEEDS} planted ledgers`,
    columns: ['of', 'planted', 'found', 'precision', 'recall'],
    rows: Object.entries(scores).map(([name, { planted, found, right }]) => [
      name,
      String(planted),
      String(found),
      (right / found).toFixed(3),
      (right / planted).toFixed(3),
    ]),
    note: 'Noise: one task in four fails once in words that are alike, step times spread over a factor of three.',
  };
}

function none(): Score {
  return { planted: 0, found: 0, right: 0 };
}

function count(score: Score, planted: readonly string[], found: readonly string[]): void {
  score.planted += planted.length;
  score.found += found.length;
  score.right += found.filter((name) => planted.includes(name)).length;
}
