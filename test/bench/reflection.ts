import { analyse } from '#src/reflection/analyse.ts';
import { readHistories } from '#src/reflection/read-histories.ts';
import { foldAll } from '#test/reflection/planted/fold.ts';
import { plant } from '#test/reflection/planted/plant.ts';
import type { Planted } from '#test/reflection/planted/plant.ts';
import type { PlantedLedger } from '#test/reflection/planted/ledger.ts';
import { measureDigest } from './digest.ts';
import { type Measure, median, show, type Table, timeMs } from './table.ts';

/** Tasks a week over five weeks; about 14 events a task. */
const TASKS_A_WEEK = [15, 1_400, 14_000];
const ROUNDS = 3;
const BATCH = 5_000;

/** What reading every event costs at least: its body is parsed and its type counted. */
async function barePass(ledger: PlantedLedger): Promise<Map<string, number>> {
  const counts = new Map<string, number>();
  for (let seq = 0; ; ) {
    const batch = await ledger.read(seq, BATCH);
    for (const { type, bodyText } of batch) {
      JSON.parse(bodyText);
      counts.set(type, (counts.get(type) ?? 0) + 1);
    }
    seq += batch.length;
    if (batch.length < BATCH) return counts;
  }
}

async function analysis({ ledger, projectId, period }: Planted) {
  return analyse(ledger, await readHistories(ledger), { projectId, period });
}

async function rows(tasksAWeek: number): Promise<{ analysed: string[]; replayed: string[] }> {
  const planted = plant({ seed: 1, tasksAWeek, weeks: 5, recurring: 3, slowed: 'plan' });
  const events = planted.ledger.events.length;
  const [bare, analysed, replayed]: [number[], number[], number[]] = [[], [], []];
  for (let round = 0; round < ROUNDS; round += 1) {
    bare.push(await timeMs(() => barePass(planted.ledger)));
    analysed.push(await timeMs(() => analysis(planted)));
    replayed.push(await timeMs(() => foldAll(planted.ledger)));
  }
  const bareMs = median(bare);
  const cells = (ms: number): string[] => [show((ms * 1_000) / events, 2), show(ms / bareMs, 2)];
  const perSecond = (ms: number): string => show((events * 1_000) / ms, 0);
  const [analysedMs, replayedMs] = [median(analysed), median(replayed)];
  return {
    analysed: [show(events, 0), show(bareMs), show(analysedMs), ...cells(analysedMs)],
    replayed: [show(events, 0), perSecond(bareMs), perSecond(replayedMs), ...cells(replayedMs)],
  };
}

export const reflectionMeasure: Measure = {
  name: 'reflection',
  async run(): Promise<Table[]> {
    const measured: { analysed: string[]; replayed: string[] }[] = [];
    for (const tasksAWeek of TASKS_A_WEEK) measured.push(await rows(tasksAWeek));
    const linear = 'Linear where the microseconds an event stay the same.';
    return [
      {
        title: 'Analysis of a week, from a ledger of five weeks in memory',
        columns: ['events', 'bare pass ms', 'analysis ms', 'µs an event', 'ratio'],
        rows: measured.map(({ analysed }) => analysed),
        note: `The bare pass parses each body and counts types. ${linear}`,
      },
      {
        title: 'Replay: the same ledgers folded into the rows of every table, events a second',
        columns: ['events', 'bare pass', 'replay', 'µs an event', 'ratio'],
        rows: measured.map(({ replayed }) => replayed),
        note: `Each event is parsed, brought to its newest version and applied, with the artifact that it names. ${linear}`,
      },
      await measureDigest(),
    ];
  },
};
