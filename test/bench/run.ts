import { canvasMeasure } from './canvas.ts';
import { ledgerMeasure } from './ledger.ts';
import { orchestrationMeasure } from './orchestration.ts';
import { startupMeasure } from './startup.ts';
import type { Measure } from './table.ts';
import { machineLine, renderTable } from './table.ts';

/** `npm run bench [NAME …]`: each measure in turn, as Markdown tables. One line a measure. */
const measures: readonly Measure[] = [startupMeasure, canvasMeasure, orchestrationMeasure, ledgerMeasure];

const wanted = process.argv.slice(2);
process.stdout.write(`${machineLine()}\n\n`);
for (const measure of measures) {
  if (wanted.length > 0 && !wanted.includes(measure.name)) continue;
  for (const table of await measure.run()) process.stdout.write(`${renderTable(table)}\n`);
}
