import { conclude } from '#src/reflection/lessons/conclude.ts';
import type { Share } from '#src/reflection/statistics.ts';
import type { Table } from '#test/bench/table.ts';
import { createChance } from '#test/reflection/planted/chance.ts';
import { mean } from './statistics.ts';

/** As long as a lesson lives. */
const WEEKS = 26;
/** As far back as the past counts. */
const WEEKS_BEFORE = 13;
/** A failure becomes a lesson in the first week that has so many, as `recurringFailures` says. */
const MIN_TIMES = 3;
const LESSONS_A_WORLD = 400;

/** Where a lesson is tried: how often its failure is, among how many tasks, in how old a project. */
const WORLDS = [5, 10, 24].flatMap((tasksAWeek) =>
  [0.1, 0.2, 0.4].flatMap((rate) => [0, 6].map((weeksOld) => ({ tasksAWeek, rate, weeksOld }))),
);
type World = (typeof WORLDS)[number];

/** What becomes of the failure: its rate since, as a part of what it was, with the lesson and without. */
const TRUTHS = [
  { name: 'changes nothing', withIt: 1, withoutIt: 1, shareWithout: 0 },
  { name: 'halves it', withIt: 0.5, withoutIt: 1, shareWithout: 0 },
  { name: 'leaves a seventh', withIt: 0.15, withoutIt: 1, shareWithout: 0 },
  { name: 'doubles it', withIt: 2, withoutIt: 1, shareWithout: 0 },
  { name: 'nothing; it ends by itself', withIt: 0.15, withoutIt: 0.15, shareWithout: 0 },
  { name: 'nothing; it ends by itself, 1 task in 3 without', withIt: 0.15, withoutIt: 0.15, shareWithout: 1 / 3 },
];
type Truth = (typeof TRUTHS)[number];

const VERDICTS = ['helped', 'did-nothing', 'made-worse'] as const;

/** How often each verdict is ever said of a lesson that is looked at every week, and said in the last of them. */
export function measureLooks(): Table {
  const rows = TRUTHS.map((truth) => {
    const worlds = WORLDS.map((world, index) => tryWorld(world, truth, index + 1));
    const shares = VERDICTS.flatMap((verdict) => {
      const ever = worlds.map((looked) => shareWith(looked, ({ said }) => said.has(verdict)));
      return [mean(ever), Math.max(...ever)];
    });
    const last = VERDICTS.map((verdict) =>
      mean(worlds.map((looked) => shareWith(looked, (one) => one.last === verdict))),
    );
    return [truth.name, ...[...shares, ...last].map((share) => share.toFixed(3))];
  });
  return {
    title: `What is said of a lesson in ${WEEKS} weekly looks, over ${WORLDS.length} kinds of projects`,
    columns: [
      'the lesson',
      ...VERDICTS.flatMap((verdict) => [`ever “${verdict}”`, 'at most']),
      ...VERDICTS.map((verdict) => `in the last “${verdict}”`),
    ],
    rows,
    note:
      'Each lesson begins where its failure came three times in a week: the bad week is part of its past. “At most” is the ' +
      'kind of project where it is said most often: 5, 10 or 24 tasks a week, the failure in 10, 20 or 40 % of them, found ' +
      'at once or in the seventh week. What ends by itself cannot be told from a lesson that helps unless some tasks lack it.',
  };
}

interface Looked {
  said: ReadonlySet<string>;
  last: string;
}

function tryWorld(world: World, truth: Truth, seed: number): Looked[] {
  const chance = createChance(seed);
  const looked: Looked[] = [];
  for (let tries = 0; looked.length < LESSONS_A_WORLD && tries < 20 * LESSONS_A_WORLD; tries++) {
    const before = pastOf(world, chance);
    if (before !== null) looked.push(lookOn(before, world, truth, chance));
  }
  return looked;
}

type Chance = ReturnType<typeof createChance>;

/** The weeks until the failure is noticed; null: it never is. */
function pastOf({ tasksAWeek, rate, weeksOld }: World, chance: Chance): Share | null {
  const weeks: number[] = [];
  while (weeks.length < WEEKS) {
    const count = failing(tasksAWeek, rate, chance);
    weeks.push(count);
    if (weeks.length <= weeksOld || count < MIN_TIMES) continue;
    const counted = weeks.slice(-WEEKS_BEFORE);
    return { count: counted.reduce((total, each) => total + each, 0), of: counted.length * tasksAWeek };
  }
  return null;
}

function lookOn(before: Share, { tasksAWeek, rate }: World, truth: Truth, chance: Chance): Looked {
  const [after, without] = [
    { count: 0, of: 0 },
    { count: 0, of: 0 },
  ];
  const said = new Set<string>();
  let last = '';
  for (let week = 0; week < WEEKS; week++) {
    const lack = Math.round(tasksAWeek * truth.shareWithout);
    add(after, tasksAWeek - lack, Math.min(1, rate * truth.withIt), chance);
    add(without, lack, Math.min(1, rate * truth.withoutIt), chance);
    last = conclude({ before, after, without }).verdict;
    said.add(last);
  }
  return { said, last };
}

function add(share: Share, tasks: number, rate: number, chance: Chance): void {
  share.count += failing(tasks, rate, chance);
  share.of += tasks;
}

function failing(tasks: number, rate: number, chance: Chance): number {
  let count = 0;
  for (let task = 0; task < tasks; task++) if (chance.below(rate)) count += 1;
  return count;
}

function shareWith(looked: readonly Looked[], is: (one: Looked) => boolean): number {
  return looked.filter(is).length / looked.length;
}
