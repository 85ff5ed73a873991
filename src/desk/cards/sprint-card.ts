import { daysBetween, pointsOf } from '#src/backlog/sprint.ts';
import type { SprintRow, StoryTaskRow } from '#src/ledger/rows.ts';
import type { Card } from '#src/ports/chat.ts';
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
    `Sprint ${sprint.number} is closed: ${done} of ${count(points, 'point')} done in ${count(days, 'day')}.`,
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

/** Goal, days left, points, and what waits for whom. */
export function sprintCard(sprint: SprintRow, tasks: readonly StoryTaskRow[], now: Date): Card {
  const facts = sprintFacts(sprint, tasks, now);
  const mine = tasks.filter((task) => task.sprintId === sprint.id);
  const waiting = mine.filter((task) => task.waitingKind !== null && task.state !== 'cancelled');
  return card(
    'sprint',
    `Sprint ${facts.number}: ${facts.donePoints} of ${facts.points} points done, ${count(facts.daysLeft, 'day')} left.`,
    {
      tone: waiting.some(waitsForPerson) ? 'waiting' : 'plain',
      blocks: [
        { type: 'facts', facts: [{ label: 'Goal', value: facts.goal }] },
        ...(waiting.length === 0
          ? []
          : [
              {
                type: 'list' as const,
                title: 'Waiting',
                items: waiting.map((task) =>
                  item(`${task.number} · ${task.title}`, {
                    detail: `for ${task.waitingWho ?? 'somebody'}: ${task.waitingText ?? ''}`,
                    thread: { kind: 'task' as const, id: task.id },
                  }),
                ),
              },
            ]),
        {
          type: 'list',
          title: 'Tasks',
          items: mine.map((task) =>
            item(`${task.number} · ${task.title}`, {
              mark: task.state === 'merged' ? 'done' : 'open',
              detail: `${wordsForTask(task)} · ${count(task.points, 'point')}`,
              thread: { kind: 'task', id: task.id },
            }),
          ),
        },
      ],
    },
  );
}
