import type { StoryTaskRow } from '#src/ledger/rows.ts';
import type { Card } from '#src/ports/chat.ts';
import { card, count, item } from './card-parts.ts';
import { waitsForPerson, wordsFor } from './task-words.ts';

/** The linked list of a conversation's tasks, by Tess. */
export function tasksCard(tasks: readonly StoryTaskRow[]): Card {
  const ended = (state: string): number => tasks.filter((task) => task.state === state).length;
  const merged = ended('merged');
  const waiting = tasks.filter(waitsForPerson).length;
  const parts = [
    merged > 0 ? `${merged} merged` : null,
    ended('rejected') > 0 ? `${ended('rejected')} rejected` : null,
    ended('cancelled') > 0 ? `${ended('cancelled')} stopped` : null,
    waiting > 0 ? `${waiting} ${waiting === 1 ? 'waits' : 'wait'} for a person` : null,
  ].filter((part) => part !== null);
  return card(
    'status',
    `${count(tasks.length, 'task')}${parts.length === 0 ? ' on the way' : `: ${parts.join(', ')}`}.`,
    {
      tone: waiting > 0 ? 'waiting' : merged === tasks.length ? 'good' : 'plain',
      blocks: [
        {
          type: 'list',
          title: null,
          items: tasks.map((task) =>
            item(`${task.number} · ${task.title}`, {
              mark:
                task.state === 'merged'
                  ? 'done'
                  : ['blocked', 'rejected', 'cancelled'].includes(task.state)
                    ? 'failed'
                    : 'open',
              detail: task.paused
                ? 'paused'
                : task.waitingKind === 'dependency'
                  ? (task.waitingText ?? wordsFor(task.state))
                  : wordsFor(task.state),
              thread: { kind: 'task', id: task.id },
            }),
          ),
        },
      ],
    },
  );
}
