import type { Analysis } from '../analyse.ts';
import type { StepLoad } from '../bottlenecks.ts';
import { durationWords } from '../duration-words.ts';
import type { Measures } from '../measures.ts';
import { causeSentence, kindWords, nameOf, recurringSentence, shareWords, tasksWords } from '../retrospective-words.ts';
import { sum } from '../statistics.ts';

/** What stands behind a retrospective, for whoever asks. Sentences, with people's words among them. */
export interface DetailSection {
  title: string;
  lines: string[];
}

/** More is a table, not a page. */
const MAX_LINES = 12;
/** Steps that took less of all time are not worth a line. */
const MIN_SHARE = 0.01;
const SECOND_MS = 1_000;
const MICRO_USD = 1_000_000;

export function detailsOf({ recurring, patterns, blocked, loads, slowed, measures }: Analysis): DetailSection[] {
  return [
    section('What failed again and again', recurring.map(recurringSentence)),
    section(
      'Where failures of one kind came from',
      patterns.map(({ place, kind, times, taskNumbers }) => {
        return `${place}: ${kindWords(kind)}, ${times} times, in ${tasksWords(taskNumbers)}.`;
      }),
    ),
    section('Why work stood still or came back', blocked.map(causeSentence)),
    section(
      'What takes longer than it did',
      slowed.map(({ persona, step, medianMs, beforeMs, count }) => {
        return `${nameOf(persona)}’s ${step}: typically ${durationWords(medianMs)} in ${count} runs; it was ${durationWords(beforeMs)}.`;
      }),
    ),
    section('Where the time of the team went', loadLines(loads)),
    section('In numbers', numberLines(measures)),
  ].filter(({ lines }) => lines.length > 0);
}

function section(title: string, lines: readonly string[]): DetailSection {
  const left = lines.length - MAX_LINES;
  return { title, lines: left <= 0 ? [...lines] : [...lines.slice(0, MAX_LINES), `And ${left} more.`] };
}

function loadLines(loads: readonly StepLoad[]): string[] {
  const allMs = sum(loads.map(({ workMs, queueMs }) => workMs + queueMs));
  return loads
    .filter(({ workMs, queueMs }) => workMs + queueMs >= Math.max(SECOND_MS, allMs * MIN_SHARE))
    .map(({ persona, step, count, workMs, queueMs }) => {
      const often = count === 1 ? 'once' : `${count} times`;
      const waited = queueMs < SECOND_MS ? '' : `, ${durationWords(queueMs)} in the queue`;
      return `${nameOf(persona)}’s ${step}: ${often}, ${durationWords(workMs)} of work${waited}.`;
    });
}

function numberLines(measures: Measures): string[] {
  const { committed, merged, reverts, rejected, cancelled, pullRequests, unaided } = measures;
  if (committed + merged + rejected + cancelled === 0) return [];
  return [
    `Tasks: ${committed} committed, ${merged} merged${reverts === 0 ? '' : ` (${reverts} of them took others back)`}, ${rejected} rejected, ${cancelled} stopped.`,
    ...(pullRequests.of === 0 ? [] : [`Ended with a pull request: ${shareWords(pullRequests)}.`]),
    ...(unaided.of === 0 ? [] : [`Merged without help: ${shareWords(unaided)}.`]),
    ...typical('Hand-offs a task', measures.handOffs, String),
    ...typical('What people did to a task, approving included', measures.touches, String),
    ...typical('How long a task stood with people', measures.withPeopleMs, durationWords),
    `Builds that failed their checks: ${measures.retries}.`,
    ...(measures.tokens === 0
      ? []
      : [
          `Models: ${measures.tokens.toLocaleString('en')} tokens, ${(measures.costMicroUsd / MICRO_USD).toFixed(2)} USD.`,
        ]),
  ];
}

function typical(what: string, value: number | null, words: (value: number) => string): string[] {
  return value === null ? [] : [`${what}: typically ${words(value)}.`];
}
