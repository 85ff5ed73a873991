import { describe, expect, it } from 'vitest';
import { pointsWords, sprintCard } from '#src/desk/cards/sprint-card.ts';
import type { SprintRow } from '#src/ledger/rows.ts';
import type { Card } from '#src/ports/chat.ts';
import { AT } from '#test/code-factory/life.ts';
import { wordsOf } from './front.ts';
import { taskRow as task } from './task-row.ts';

const words = (card: Card) => wordsOf({ card });

const waiting = {
  ...task,
  state: 'ready',
  waitingKind: 'dependency',
  waitingWho: 'task 3',
  waitingText: 'Builds on task 3.',
};

describe('the card of a sprint', () => {
  const sprint: SprintRow = {
    id: 'sprint',
    projectId: 'project',
    number: 2,
    goal: 'Greet',
    status: 'open',
    startsAt: AT,
    endsAt: '2026-11-21T09:00:00.000Z',
    closedAt: null,
    points: null,
    donePoints: null,
  };

  it('leave stopped tasks out of the sprint, and never count days below none', () => {
    const tasks = [
      { ...task, state: 'merged' },
      { ...task, id: 'b' },
      { ...task, id: 'c', state: 'cancelled' },
      { ...task, id: 'd', sprintId: 'another' },
    ];
    expect(sprintCard(sprint, tasks, new Date(AT)).lead).toBe('Sprint 2: 3 of 6 points done, 1 day left.');
    expect(sprintCard(sprint, tasks, new Date('2027-01-01T00:00:00.000Z')).lead).toContain('0 days left');
    expect(words(sprintCard(sprint, [waiting], new Date(AT)))).toContain('for task 3: Builds on task 3.');
  });

  it('name each task of a sprint once, and fold what is over', () => {
    const tasks = [
      { ...task, id: 'a', title: 'Soup' },
      { ...waiting, id: 'b', title: 'Bread' },
      { ...task, id: 'c', title: 'Salad', state: 'merged' },
      { ...task, id: 'd', title: 'Cake', state: 'rejected' },
      { ...task, id: 'e', title: 'Tea', state: 'merged', revertedBy: 'f' },
    ];
    const drawn = sprintCard(sprint, tasks, new Date(AT));
    for (const { title } of tasks) expect(words(drawn).split(title)).toHaveLength(2);
    const folds = drawn.blocks.flatMap((block) => (block.type === 'fold' ? [block.summary] : []));
    expect(folds).toEqual(['Done (1)', 'Rejected, stopped or reverted (2)']);
    expect(words(sprintCard(sprint, tasks.slice(2, 3), new Date(AT)))).not.toContain('Done (1)');
    const mine = { ...waiting, waitingKind: 'approval', waitingWho: 'local', waitingText: 'Approve it.' };
    expect(words(sprintCard(sprint, [mine], new Date(AT)))).toContain('3 points · Approve it.');
  });

  it.each([
    [['rejected'], 'Sprint 2: no task is left in it (1 rejected); 1 day left.'],
    [['rejected', 'cancelled', 'cancelled'], 'Sprint 2: no task is left in it (1 rejected, 2 stopped); 1 day left.'],
    [[], 'Sprint 2: nothing is in it yet; 1 day left.'],
  ])('say of a sprint in which nothing counts (%j): %s', (states, said) => {
    const tasks = states.map((state, index) => ({ ...task, id: String(index), state }));
    const drawn = sprintCard(sprint, tasks, new Date(AT));
    expect(drawn.lead).toBe(said);
    expect(words(drawn)).toContain('sprint plan');
    expect(pointsWords({ points: 0, donePoints: 0 })).toBe('no task in it');
  });
});
