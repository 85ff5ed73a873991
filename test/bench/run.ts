import { canvasMeasure } from './canvas.ts';
import { githubMeasure } from './github.ts';
import { ledgerMeasure } from './ledger.ts';
import { lessonsMeasure } from './lessons.ts';
import { modelCallsMeasure } from './model-calls.ts';
import { orchestrationMeasure } from './orchestration.ts';
import { packMeasure } from './pack.ts';
import { reflectionMeasure } from './reflection.ts';
import { slackMeasure } from './slack.ts';
import { startupMeasure } from './startup.ts';
import { stopMeasure } from './stop.ts';
import type { Measure } from './table.ts';
import { machineLine, renderTable } from './table.ts';
import { thinkingMeasure } from './thinking.ts';

/** `npm run bench [NAME …]`: each measure in turn, as Markdown tables. One line a measure. */
const measures: readonly Measure[] = [
  startupMeasure,
  canvasMeasure,
  orchestrationMeasure,
  modelCallsMeasure,
  thinkingMeasure,
  packMeasure,
  lessonsMeasure,
  stopMeasure,
  slackMeasure,
  githubMeasure,
  ledgerMeasure,
  reflectionMeasure,
];

const wanted = process.argv.slice(2);
process.stdout.write(`${machineLine()}\n\n`);
for (const measure of measures) {
  if (wanted.length > 0 && !wanted.includes(measure.name)) continue;
  for (const table of await measure.run()) process.stdout.write(`${renderTable(table)}\n`);
}
