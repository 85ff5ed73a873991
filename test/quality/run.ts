import { machineLine, median, renderTable, show } from '#test/bench/table.ts';
import { BUDGETS_TOKENS, measureRepository } from './measure.ts';
import type { CaseResult, RepositoryResult } from './measure.ts';
import { measureReflection } from './reflection.ts';
import { bootstrap95, mean } from './statistics.ts';

/**
 * `npm run quality [-- PATH …]`: what is found in planted ledgers and said of lessons, and how many of the files that past
 * commits changed are in a pack built from the commit's message alone, for this repository and each path. Weights were
 * chosen on commits with an even id, so odd ones are fair.
 */
const paths = ['.', ...process.argv.slice(2)];
process.stdout.write(`${machineLine()}\n\n`);
for (const table of await measureReflection()) process.stdout.write(`${renderTable(table)}\n`);
for (const path of paths) {
  const result = await measureRepository(path);
  for (const half of ['odd', 'even'] as const) process.stdout.write(`${renderTable(tableOf(result, half))}\n`);
}

function tableOf({ name, cases }: RepositoryResult, half: 'odd' | 'even') {
  const chosen = cases.filter(({ isEven }) => isEven === (half === 'even')).map(({ budgets }) => budgets);
  const files = median(chosen.map(([first]) => first?.files ?? 0));
  return {
    title: `${name}: ${chosen.length} commits (${half}), about ${show(files, 0)} texts`,
    columns: ['budget', 'recall', 'ours', '95%', 'plain BM25', '95%', 'ratio', 'difference, 95%', 'pack ms', 'read ms'],
    rows: BUDGETS_TOKENS.flatMap((budget) =>
      (['strict', 'loose'] as const).map((kind) =>
        rowOf(
          chosen.flat().filter(({ budgetTokens }) => budgetTokens === budget),
          kind,
        ),
      ),
    ),
    note:
      half === 'odd'
        ? 'strict: a changed line is shown; loose: something of the file is shown. Mean over commits, interval by bootstrap.'
        : 'The half that weights were chosen on.',
  };
}

function rowOf(results: readonly CaseResult[], kind: 'strict' | 'loose'): string[] {
  const ours = results.map((result) => result.ours[kind]);
  const plain = results.map((result) => result.plain[kind]);
  const difference = ours.map((value, index) => value - (plain[index] ?? 0));
  return [
    `${(results[0]?.budgetTokens ?? 0) / 1000}k`,
    kind,
    mean(ours).toFixed(3),
    interval(ours),
    mean(plain).toFixed(3),
    interval(plain),
    (mean(ours) / mean(plain)).toFixed(2),
    interval(difference),
    show(median(results.map(({ packMs }) => packMs)), 0),
    show(median(results.map(({ readMs }) => readMs)), 0),
  ];
}

function interval(values: readonly number[]): string {
  const [low, high] = bootstrap95(values);
  return `${low.toFixed(2)} to ${high.toFixed(2)}`;
}
