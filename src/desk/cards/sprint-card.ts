import { daysBetween, isCounted, isDone, pointsOf } from '#src/backlog/sprint.ts';
import { hasEnded } from '#src/code-factory/task-status.ts';
import type { TaskStatus } from '#src/code-factory/task-status.ts';
import type { SprintRow, StoryTaskRow } from '#src/ledger/rows.ts';
import type { Card, CardBlock } from '#src/ports/chat.ts';
import { LOCAL_USER } from '#src/review/rights.ts';
import { card, count, item } from './card-parts.ts';
import { waitsForPerson, wordsForTask } from './task-words.ts';

export interface SprintFacts {
  number: number;
  goal: string;
  daysLeft: number;
  points: number;
  donePoints: number;
}

/** What a sprint amounts to at `now`. Stopped and rejected tasks are no part of it. */
export function sprintFacts(sprint: SprintRow, tasks: readonly StoryTaskRow[], now: Date): SprintFacts {
  const { points, done } = pointsOf(tasks.filter((task) => task.sprintId === sprint.id));
  return {
    number: sprint.number,
    goal: sprint.goal,
    daysLeft: daysBetween(now, sprint.endsAt),
    points,
    donePoints: done,
  };
}

/** What came of a sprint that was closed: what was merged in it, and what goes on. */
export function closedSprintCard(
  sprint: SprintRow,
  tasks: readonly StoryTaskRow[],
  { by, unfinished }: { by: string; unfinished: readonly StoryTaskRow[] },
): Card {
  const points = sprint.points ?? 0;
  const done = sprint.donePoints ?? 0;
  const days = daysBetween(sprint.startsAt, sprint.closedAt ?? sprint.endsAt);
  const goesOn = new Set(unfinished.map(({ id }) => id));
  const merged = tasks.filter((task) => task.state === 'merged' && !goesOn.has(task.id));
  const inLine = (task: StoryTaskRow, mark: 'done' | 'open') =>
    item(`${task.number} · ${task.title}`, {
      mark,
      detail: count(task.points, 'point'),
      thread: { kind: 'task', id: task.id },
    });
  return card(
    'sprint',
    points === 0
      ? `Sprint ${sprint.number} is closed after ${count(days, 'day')}, with no task left in it.`
      : `Sprint ${sprint.number} is closed: ${done} of ${count(points, 'point')} done in ${count(days, 'day')}.`,
    {
      tone: points > 0 && done === points ? 'good' : 'plain',
      blocks: [
        { type: 'facts', facts: [{ label: 'Goal', value: sprint.goal }] },
        ...(merged.length === 0
          ? []
          : [{ type: 'list' as const, title: 'Done', items: merged.map((task) => inLine(task, 'done')) }]),
        ...(unfinished.length === 0
          ? []
          : [
              {
                type: 'list' as const,
                title: 'Goes on, and counts to the next sprint',
                items: unfinished.map((task) => inLine(task, 'open')),
              },
            ]),
      ],
      outcome: `Closed by ${by}.`,
    },
  );
}

/** How far a sprint is; where everything that was in it was stopped or rejected, a count of points would say nothing. */
export function pointsWords({ points, donePoints }: Pick<SprintFacts, 'points' | 'donePoints'>): string {
  return points === 0 ? 'no task in it' : `${donePoints} of ${count(points, 'point')} done`;
}

/** Goal, days left, points, and each task once: what waits for whom, what is on the way, and folded what is over. */
export function sprintCard(sprint: SprintRow, tasks: readonly StoryTaskRow[], now: Date): Card {
  const facts = sprintFacts(sprint, tasks, now);
  const mine = tasks.filter((task) => task.sprintId === sprint.id);
  const done = mine.filter(isDone);
  const gone = mine.filter((task) => hasEnded(task.state as TaskStatus) && !isDone(task));
  const open = mine.filter((task) => !hasEnded(task.state as TaskStatus));
  const waiting = open.filter((task) => task.waitingKind !== null);
  const onTheWay = open.filter((task) => task.waitingKind === null);
  return card('sprint', lead(facts, gone), {
    tone: waiting.some(waitsForPerson) ? 'waiting' : 'plain',
    blocks: [
      { type: 'facts', facts: [{ label: 'Goal', value: facts.goal }] },
      ...(facts.points === 0 ? [{ type: 'text' as const, text: 'Say `sprint plan` to see what could go in.' }] : []),
      ...listed('Waiting', waiting, waitWords),
      ...listed('On the way', onTheWay, wordsForTask),
      ...(open.length === 0 ? listed('Done', done, wordsForTask) : folded('Done', done)),
      ...folded('Rejected, stopped or reverted', gone),
    ],
  });
}

function lead({ number, points, donePoints, daysLeft }: SprintFacts, gone: readonly StoryTaskRow[]): string {
  const left = `${count(daysLeft, 'day')} left`;
  if (points > 0) return `Sprint ${number}: ${donePoints} of ${count(points, 'point')} done, ${left}.`;
  if (gone.length === 0) return `Sprint ${number}: nothing is in it yet; ${left}.`;
  const ended = (state: string, word: string): string[] => {
    const n = gone.filter((task) => task.state === state).length;
    return n === 0 ? [] : [`${n} ${word}`];
  };
  return `Sprint ${number}: no task is left in it (${[...ended('rejected', 'rejected'), ...ended('cancelled', 'stopped')].join(', ')}); ${left}.`;
}

/** Whoever sits at the machine is not named: they read it themselves. */
function waitWords({ waitingWho, waitingText }: StoryTaskRow): string {
  return [...(waitingWho === null || waitingWho === LOCAL_USER ? [] : [`for ${waitingWho}`]), waitingText ?? ''].join(
    ': ',
  );
}

type TaskList = CardBlock & { type: 'list' };

function listed(
  title: string | null,
  tasks: readonly StoryTaskRow[],
  wordsOf: (task: StoryTaskRow) => string,
): TaskList[] {
  if (tasks.length === 0) return [];
  const items = tasks.map((task) =>
    item(`${task.number} · ${task.title}`, {
      mark: isDone(task) ? 'done' : isCounted(task) && task.state !== 'merged' ? 'open' : 'failed',
      detail: `${count(task.points, 'point')} · ${wordsOf(task)}`,
      thread: { kind: 'task', id: task.id },
    }),
  );
  return [{ type: 'list', title, items }];
}

function folded(title: string, tasks: readonly StoryTaskRow[]): CardBlock[] {
  const blocks = listed(null, tasks, wordsForTask);
  return blocks.length === 0 ? [] : [{ type: 'fold', summary: `${title} (${tasks.length})`, blocks }];
}
