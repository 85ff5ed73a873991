import { analyse } from '#src/reflection/analyse.ts';
import { readHistories } from '#src/reflection/read-histories.ts';
import { plant } from '#test/reflection/planted/plant.ts';
import type { Planted } from '#test/reflection/planted/plant.ts';
import { type Measure, median, show, type Table, timeMs } from './table.ts';

/** Tasks a week over five weeks; about 14 events a task. */
const TASKS_A_WEEK = [15, 1_430, 14_300];
const ROUNDS = 3;

/** What reading every event costs at least: its body is parsed and its type counted. */
async function barePass({ ledger }: Planted): Promise<Map<string, number>> {
  const counts = new Map<string, number>();
  for (let seq = 0; ; ) {
    const batch = await ledger.read(seq, 5_000);
    for (const { type, bodyText } of batch) {
      JSON.parse(bodyText);
      counts.set(type, (counts.get(type) ?? 0) + 1);
    }
    seq += batch.length;
    if (batch.length < 5_000) return counts;
  }
}

async function analysis({ ledger, projectId, period }: Planted) {
  return analyse(ledger, await readHistories(ledger), { projectId, period });
}

async function row(tasksAWeek: number): Promise<string[]> {
  const planted = plant({ seed: 1, tasksAWeek, weeks: 5, recurring: 3, slowed: 'plan' });
  const events = planted.ledger.events.length;
  const [bare, ours]: [number[], number[]] = [[], []];
  for (let round = 0; round < ROUNDS; round += 1) {
    bare.push(await timeMs(() => barePass(planted)));
    ours.push(await timeMs(() => analysis(planted)));
  }
  const [bareMs, oursMs] = [median(bare), median(ours)];
  return [show(events, 0), show(bareMs), show(oursMs), show((oursMs * 1_000) / events, 2), show(oursMs / bareMs, 2)];
}

export const reflectionMeasure: Measure = {
  name: 'reflection',
  async run(): Promise<Table[]> {
    const rows: string[][] = [];
    for (const tasksAWeek of TASKS_A_WEEK) rows.push(await row(tasksAWeek));
    return [
      {
        title: 'Analysis of a week, from a ledger of five weeks in memory',
        columns: ['events', 'bare pass ms', 'analysis ms', 'µs an event', 'ratio'],
        rows,
        note: 'The bare pass parses each body and counts types. Linear where the microseconds an event stay the same.',
      },
    ];
  },
};
