import type { Card } from '#src/ports/chat.ts';
import { action, card, count } from './card-parts.ts';
import { pointsWords } from './sprint-card.ts';

interface ClosingSprint {
  projectId: string;
  sprintId: string;
  number: number;
  points: number;
  donePoints: number;
  daysLeft: number;
  /** Tasks that have not ended. */
  unfinished: number;
}

/** Asks once more before a sprint is closed: it does not open again. `closedBy` null: nobody has pressed yet. */
export function closeSprintCard(sprint: ClosingSprint, closedBy: string | null = null): Card {
  const { projectId, sprintId, number, points, donePoints, daysLeft, unfinished } = sprint;
  const goesOn =
    unfinished === 0
      ? 'Nothing is left over.'
      : `${count(unfinished, 'task')} ${unfinished === 1 ? 'goes' : 'go'} on and ${unfinished === 1 ? 'counts' : 'count'} to the next sprint.`;
  return card(
    'question',
    `Close sprint ${number}? So far: ${pointsWords({ points, donePoints })}, ${count(daysLeft, 'day')} left. ${goesOn}`,
    closedBy === null
      ? {
          tone: 'waiting',
          actions: [
            action(
              'close-sprint',
              `Close sprint ${number}`,
              { type: 'close-sprint', projectId, sprintId },
              { style: 'danger' },
            ),
          ],
        }
      : { outcome: `Closed by ${closedBy}.` },
  );
}
