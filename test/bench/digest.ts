import { lookBack, tell } from '#src/reflection/digest/look-back.ts';
import { retrospectivePage } from '#src/reflection/digest/page.ts';
import { lessonsFrom } from '#src/reflection/lessons/from-evidence.ts';
import { readHistories } from '#src/reflection/read-histories.ts';
import { plantLessons } from '#test/reflection/planted/plant-lessons.ts';
import { median, show } from './table.ts';
import type { Table } from './table.ts';

const ROUNDS = 5;
/** A week of a hundred thousand events, and two before it. */
const SHAPE = { seed: 1, tasksAWeek: 6_400, weeksBefore: 2, weeksSince: 1 };
const WEEK_MS = 7 * 86_400_000;

/** A week's retrospective, from the ledger to its page. */
export async function measureDigest(): Promise<Table> {
  const { ledger, tables, projectId, now } = await plantLessons({
    ...SHAPE,
    fates: ['works', 'does-nothing', 'harms', 'noise', 'works', 'works', 'does-nothing', 'noise'],
  });
  const period = { from: new Date(now.getTime() - WEEK_MS).toISOString(), until: now.toISOString() };
  const unitOfWork = { tables, artifacts: ledger.artifacts };
  const [reading, lookingBack, writing]: [number[], number[], number[]] = [[], [], []];
  for (let round = 0; round < ROUNDS; round += 1) {
    const startMs = performance.now();
    const read = await readHistories(ledger);
    const readMs = performance.now();
    const back = await lookBack(unitOfWork, read, { projectId, period });
    const backMs = performance.now();
    lessonsFrom(back.analysis, back.lessons);
    retrospectivePage('2026-W25', await tell(unitOfWork, back, { asked: [] }));
    reading.push(readMs - startMs);
    lookingBack.push(backMs - readMs);
    writing.push(performance.now() - backMs);
  }
  const inWeek = ledger.events.filter(({ at }) => at >= period.from && at < period.until).length;
  const all = [reading, lookingBack, writing].map(median);
  return {
    title: 'A weekly digest (aim: under 2,000 ms)',
    columns: [
      'events in the week',
      'in the ledger',
      'ledger read ms',
      'analysis and effects ms',
      'words ms',
      'together ms',
    ],
    rows: [[inWeek, ledger.events.length, ...all, all.reduce((sum, ms) => sum + ms, 0)].map((value) => show(value, 0))],
    note: 'From a ledger in memory. Effects are of eight lessons; the words are proposed lessons, retrospective and page.',
  };
}
