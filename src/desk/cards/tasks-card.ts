import { isDone } from '#src/backlog/sprint.ts';
import type { StoryTaskRow } from '#src/ledger/rows.ts';
import type { Card } from '#src/ports/chat.ts';
import { LOCAL_USER } from '#src/review/rights.ts';
import { card, count, item } from './card-parts.ts';
import { waitsForPerson, wentWrong, wordsForTask } from './task-words.ts';

/** The linked list of a conversation's tasks, by Tess. */
export function tasksCard(tasks: readonly StoryTaskRow[]): Card {
  const ended = (state: string): number => tasks.filter((task) => task.state === state).length;
  const merged = tasks.filter(isDone).length;
  const reverted = ended('merged') - merged;
  const waiting = tasks.filter(waitsForPerson).length;
  const parts = [
    merged > 0 ? `${merged} merged` : null,
    reverted > 0 ? `${reverted} reverted` : null,
    ended('rejected') > 0 ? `${ended('rejected')} rejected` : null,
    ended('cancelled') > 0 ? `${ended('cancelled')} stopped` : null,
    waiting > 0 ? `${waiting} ${waiting === 1 ? 'waits' : 'wait'} for a person` : null,
  ].filter((part) => part !== null);
  return card('status', lead(tasks, parts), {
    tone: waiting > 0 ? 'waiting' : merged === tasks.length ? 'good' : 'plain',
    blocks: [
      {
        type: 'list',
        title: null,
        items: tasks.map((task) =>
          item(`${task.number} · ${task.title}`, {
            mark: isDone(task) ? 'done' : cameToNothing(task) ? 'failed' : 'open',
            detail:
              !task.paused && task.waitingKind === 'dependency' && task.waitingText !== null
                ? task.waitingText
                : wordsForTask(task),
            thread: { kind: 'task', id: task.id },
          }),
        ),
      },
    ],
  });
}

function lead(tasks: readonly StoryTaskRow[], parts: readonly string[]): string {
  const [only, ...others] = tasks;
  if (only !== undefined && others.length === 0) {
    if (waitsForPerson(only)) return `Task ${only.number} waits for ${personOf(only)}.`;
    return `Task ${only.number} ${ENDINGS[only.state] ?? 'is on the way'}.`;
  }
  return `${count(tasks.length, 'task')}${parts.length === 0 ? ' on the way' : `: ${parts.join(', ')}`}.`;
}

function cameToNothing(task: StoryTaskRow): boolean {
  return wentWrong(task) || task.state === 'cancelled' || task.revertedBy !== null;
}

/** By name, but for whoever sits at the machine: everybody knows them as themselves. */
function personOf({ waitingWho }: StoryTaskRow): string {
  return waitingWho === null || waitingWho === LOCAL_USER ? 'a person' : waitingWho;
}

const ENDINGS: Readonly<Record<string, string>> = {
  merged: 'is merged',
  rejected: 'was rejected',
  cancelled: 'was stopped',
};
