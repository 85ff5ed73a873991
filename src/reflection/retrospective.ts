import type { LessonRow } from '#src/ledger/reflection-rows.ts';
import type { TableReader } from '#src/ports/unit-of-work.ts';
import type { Analysis } from './analyse.ts';
import { durationWords } from './duration-words.ts';
import { incidentsOf } from './incidents/incident-words.ts';
import type { Measures } from './measures.ts';
import {
  causeSentence,
  kindWords,
  nameOf,
  recurringSentence,
  shareWords,
  shortened,
  tasksWords,
} from './retrospective-words.ts';
import type { Share } from './statistics.ts';

/** What a retrospective says, in the order in which it is read. Sentences are short and complete. */
export interface Retrospective {
  project: string;
  from: string;
  until: string;
  /** One thing that went better since a lesson was accepted, with counts; null: nothing that numbers show. */
  better: { lessonId: string; text: string } | null;
  shipped: { taskId: string; number: number; title: string; url: string | null }[];
  /** What stood in the way, worst first, with the events that show it. */
  hurt: { text: string; seqs: number[] }[];
  /** Lessons that people are asked about: whether they are to count, or whether they may go. */
  learned: {
    lessonId: string;
    number: number;
    text: string;
    asks: 'accept' | 'retire';
    /** What it did, as a sentence; null: nothing is known yet. */
    effect: string | null;
  }[];
  toTry: string[];
  /** Three numbers and how each went before, oldest first; null: there was nothing to count. */
  numbers: { name: string; value: string; trend: (number | null)[] }[];
  /** What a reader has to know about how far this can be trusted. */
  caveats: string[];
}

/** More is not read on a phone. */
const MAX_HURT = 3;
/** Of these, so that there is room for what the ledger itself shows. */
const MAX_INCIDENTS = 2;
const MAX_TO_TRY = 2;

/** Nothing happened that is worth more than a line. */
export function isQuiet({ better, shipped, hurt, learned }: Retrospective): boolean {
  return better === null && shipped.length === 0 && hurt.length === 0 && learned.length === 0;
}

/** What an analysis of one week does not know. */
interface Learned {
  better: Retrospective['better'];
  asked: readonly { lesson: LessonRow; effect: string | null }[];
}

/** Puts an analysis into words. Titles come from the tables: they are people's words, and may have been erased. */
export async function retrospect(
  tables: TableReader,
  analysis: Analysis,
  { better, asked }: Learned = { better: null, asked: [] },
): Promise<Retrospective> {
  const project = await tables.get('projects', analysis.projectId);
  const ids = analysis.merged.map(({ taskId }) => taskId);
  const tasks = new Map((await tables.find('story_tasks', { id: ids })).map((row) => [row.id, row]));
  const pullRequests = new Map((await tables.find('pull_requests', { taskId: ids })).map((row) => [row.taskId, row]));
  return {
    project: project?.name ?? analysis.projectId,
    from: analysis.period.from,
    until: analysis.period.until,
    better,
    shipped: analysis.merged
      .filter(({ reverts }) => reverts === null)
      .map(({ taskId, number }) => ({
        taskId,
        number,
        title: tasks.get(taskId)?.title ?? `Task ${number}`,
        url: pullRequests.get(taskId)?.url ?? null,
      })),
    hurt: [...(await troubleOf(tables, analysis)), ...hurtsOf(analysis)].slice(0, MAX_HURT),
    learned: asked.map(({ lesson: { id, number, text, retirementProposed }, effect }) => ({
      lessonId: id,
      number,
      text,
      asks: retirementProposed ? 'retire' : 'accept',
      effect,
    })),
    toTry: suggestionsOf(analysis).slice(0, MAX_TO_TRY),
    numbers: numbersOf(analysis),
    caveats: caveatsOf(analysis),
  };
}

/** What was told of from outside stands first: it reached those for whom the work is. */
async function troubleOf(tables: TableReader, { projectId, period }: Analysis): Promise<Retrospective['hurt']> {
  const rows = await tables.find('incidents', { projectId });
  return incidentsOf(rows, period)
    .slice(0, MAX_INCIDENTS)
    .map(({ text }) => ({ text, seqs: [] }));
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
    ...recurring.map((failure) => ({ text: recurringSentence(failure), seqs: failure.seqs })),
    ...slowed.map(({ persona, step, medianMs, beforeMs, seqs }) => ({
      text: `${nameOf(persona)}’s ${step} typically takes ${durationWords(medianMs)}; it was ${durationWords(beforeMs)}.`,
      seqs,
    })),
    ...blocked.map((cause) => ({ text: causeSentence(cause), seqs: cause.seqs })),
  ];
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
      value: firstPassWords(measures.firstPass),
      trend: trendOf(({ firstPass }) => ratioOf(firstPass)),
    },
    {
      name: 'from idea to merge',
      value: leadWords(measures),
      trend: trendOf(({ leadMs }) => leadMs),
    },
  ];
}

function leadWords({ merged, leadMs }: Measures): string {
  if (leadMs !== null) return `typically ${durationWords(leadMs)}`;
  return merged === 0 ? 'nothing was merged' : 'not known';
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

function firstPassWords(share: Share): string {
  return share.of === 0 ? 'no checks ran' : shareWords(share);
}

function ratioOf({ count, of }: Share): number | null {
  return of === 0 ? null : count / of;
}
