import type { TableReader } from '#src/ports/unit-of-work.ts';
import type { Analysis, Cause } from './analyse.ts';
import { durationWords } from './duration-words.ts';
import type { Measures } from './measures.ts';
import type { Share } from './statistics.ts';

/** What a retrospective says, in the order in which it is read. Sentences are short and complete. */
export interface Retrospective {
  project: string;
  from: string;
  until: string;
  shipped: { number: number; title: string; url: string | null }[];
  /** What stood in the way, worst first, with the events that show it. */
  hurt: { text: string; seqs: number[] }[];
  toTry: string[];
  /** Three numbers and how each went before, oldest first; null: there was nothing to count. */
  numbers: { name: string; value: string; trend: (number | null)[] }[];
  /** What a reader has to know about how far this can be trusted. */
  caveats: string[];
}

/** More is not read on a phone. */
const MAX_HURT = 3;
const MAX_TO_TRY = 2;
/** What is said of a failure's own words. */
const MAX_TEST_CHARACTERS = 90;

/** Puts an analysis into words. Titles come from the tables: they are people's words, and may have been erased. */
export async function retrospect(tables: TableReader, analysis: Analysis): Promise<Retrospective> {
  const project = await tables.get('projects', analysis.projectId);
  const ids = analysis.merged.map(({ taskId }) => taskId);
  const tasks = new Map((await tables.find('story_tasks', { id: ids })).map((row) => [row.id, row]));
  const pullRequests = new Map((await tables.find('pull_requests', { taskId: ids })).map((row) => [row.taskId, row]));
  return {
    project: project?.name ?? analysis.projectId,
    from: analysis.period.from,
    until: analysis.period.until,
    shipped: analysis.merged
      .filter(({ reverts }) => reverts === null)
      .map(({ taskId, number }) => ({
        number,
        title: tasks.get(taskId)?.title ?? `Task ${number}`,
        url: pullRequests.get(taskId)?.url ?? null,
      })),
    hurt: hurtsOf(analysis).slice(0, MAX_HURT),
    toTry: suggestionsOf(analysis).slice(0, MAX_TO_TRY),
    numbers: numbersOf(analysis),
    caveats: caveatsOf(analysis),
  };
}

function hurtsOf({ recurring, slowed, blocked, merged }: Analysis): Retrospective['hurt'] {
  const takenBack = merged.filter(({ reverts }) => reverts !== null);
  return [
    ...(takenBack.length === 0
      ? []
      : [
          {
            text: `${takenBack.length === 1 ? 'A merged change was' : `${takenBack.length} merged changes were`} taken back.`,
            seqs: takenBack.flatMap(({ endedSeq }) => endedSeq ?? []),
          },
        ]),
    ...recurring.map(({ check, test, times, taskNumbers, seqs }) => ({
      text: `${test === null ? `The check “${check}”` : `“${shortened(test)}”`} failed ${times} times, in ${tasksWords(taskNumbers)}.`,
      seqs,
    })),
    ...slowed.map(({ persona, step, medianMs, beforeMs, seqs }) => ({
      text: `${nameOf(persona)}’s ${step} typically takes ${durationWords(medianMs)}; it was ${durationWords(beforeMs)}.`,
      seqs,
    })),
    ...blocked.map((cause) => ({ text: causeSentence(cause), seqs: cause.seqs })),
  ];
}

const CAUSES: Readonly<Record<string, string>> = {
  'attempts-used-up': 'Three attempts were not enough',
  'changes-requested': 'People asked for changes',
  'merge-conflict': 'A merge conflict stood in the way',
  'checks-failed': 'Checks failed after the base moved',
  'head-moved': 'A branch moved after its approval',
  'pull-request-closed': 'A pull request was closed by hand',
  rejected: 'A person said no',
};

function causeSentence({ code, taskNumbers, seqs }: Cause): string {
  const what = CAUSES[code] ?? `Work stopped for “${code}”`;
  return `${what}: ${seqs.length === 1 ? 'once' : `${seqs.length} times`}, in ${tasksWords(taskNumbers)}.`;
}

function suggestionsOf({ recurring, patterns, measures, slowed }: Analysis): string[] {
  const [worst] = recurring;
  const [pattern] = patterns;
  return [
    ...(worst === undefined
      ? []
      : [`Mend ${worst.test === null ? `what makes “${worst.check}” fail` : `“${shortened(worst.test)}”`} for good.`]),
    ...(pattern === undefined
      ? []
      : [
          `Look at ${pattern.place}: ${kindWords(pattern.kind)} came from there in ${tasksWords(pattern.taskNumbers)}.`,
        ]),
    ...(slowed.length === 0 ? [] : [`Find out why ${slowed[0]?.step} takes longer than it did.`]),
    ...(isPeopleBound(measures)
      ? ['Most of the time, work waited for a person. Look at the reviews that are open.']
      : []),
  ];
}

/** More than half of the way from idea to merge. */
function isPeopleBound({ leadMs, withPeopleMs }: Measures): boolean {
  return leadMs !== null && withPeopleMs !== null && withPeopleMs * 2 > leadMs;
}

function numbersOf({ measures, earlier }: Analysis): Retrospective['numbers'] {
  const trendOf = (of: (measures: Measures) => number | null) => [
    ...earlier.map((each) => of(each.measures)),
    of(measures),
  ];
  return [
    { name: 'merged', value: String(measures.merged), trend: trendOf(({ merged }) => merged) },
    {
      name: 'passed their checks at once',
      value: shareWords(measures.firstPass),
      trend: trendOf(({ firstPass }) => ratioOf(firstPass)),
    },
    {
      name: 'from idea to merge',
      value: measures.leadMs === null ? 'nothing was merged' : `typically ${durationWords(measures.leadMs)}`,
      trend: trendOf(({ leadMs }) => leadMs),
    },
  ];
}

function caveatsOf({ unread, clockJumps }: Analysis): string[] {
  return [
    ...(unread === 0 ? [] : [`${unread} ${unread === 1 ? 'verdict was' : 'verdicts were'} erased and not counted.`]),
    ...(clockJumps === 0
      ? []
      : [
          `The clock of the machine was set back ${clockJumps === 1 ? 'once' : `${clockJumps} times`}; those times count as nothing.`,
        ]),
  ];
}

function shareWords({ count, of }: Share): string {
  return of === 0 ? 'no checks ran' : `${count} of ${of}`;
}

function ratioOf({ count, of }: Share): number | null {
  return of === 0 ? null : count / of;
}

function tasksWords(numbers: readonly number[]): string {
  if (numbers.length === 1) return `task ${numbers[0]}`;
  if (numbers.length > 4) return `${numbers.length} tasks`;
  return `tasks ${numbers.slice(0, -1).join(', ')} and ${numbers.at(-1)}`;
}

function kindWords(kind: string): string {
  return `failures of the kind “${kind.replaceAll('-', ' ')}”`;
}

function nameOf(persona: string): string {
  return persona.charAt(0).toUpperCase() + persona.slice(1);
}

function shortened(test: string): string {
  return test.length <= MAX_TEST_CHARACTERS ? test : `${test.slice(0, MAX_TEST_CHARACTERS).replace(/\s+\S*$/, '')} …`;
}
