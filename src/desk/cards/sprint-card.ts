import type { SprintRow, StoryTaskRow } from '#src/ledger/rows.ts';
import type { Card } from '#src/ports/chat.ts';
import { card, count, item } from './card-parts.ts';
import { waitsForPerson, wordsFor } from './task-words.ts';

const DAY_MS = 86_400_000;

export interface SprintFacts {
  number: number;
  goal: string;
  daysLeft: number;
  points: number;
  donePoints: number;
}

/** What a sprint amounts to at `now`. Stopped and rejected tasks are no part of it. */
export function sprintFacts(sprint: SprintRow, tasks: readonly StoryTaskRow[], now: Date): SprintFacts {
  const counted = tasks.filter(
    (task) => task.sprintId === sprint.id && !['cancelled', 'rejected'].includes(task.state),
  );
  const sum = (rows: readonly StoryTaskRow[]) => rows.reduce((points, task) => points + task.points, 0);
  return {
    number: sprint.number,
    goal: sprint.goal,
    daysLeft: Math.max(0, Math.ceil((new Date(sprint.endsAt).getTime() - now.getTime()) / DAY_MS)),
    points: sum(counted),
    donePoints: sum(counted.filter((task) => task.state === 'merged')),
  };
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
              detail: `${wordsFor(task.state)} · ${count(task.points, 'point')}`,
              thread: { kind: 'task', id: task.id },
            }),
          ),
        },
      ],
    },
  );
}
