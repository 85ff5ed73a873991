import { describe, expect, it } from 'vitest';
import { daysBetween, decideSprint, foldSprint, pointsOf } from '#src/backlog/sprint.ts';
import type { Sprint, SprintCommand, SprintTask } from '#src/backlog/sprint.ts';
import { velocityOf } from '#src/backlog/velocity.ts';
import type { EventDraft, RecordedEvent } from '#src/ledger/event.ts';
import type { SprintRow } from '#src/ledger/rows.ts';

const AT = '2026-11-20T09:00:00.000Z';
const meta = { actor: 'ada', at: AT };
const task = (id: string, state: string, points = 3): SprintTask => ({
  id,
  state,
  points,
  endedAt: ['merged', 'rejected', 'cancelled'].includes(state) ? AT : null,
});
const start: SprintCommand = { type: 'start', sprintId: 's1', projectId: 'p', goal: 'goal-1', tasks: [] };
const close = (...tasks: SprintTask[]): SprintCommand => ({ type: 'close', sprintId: 's1', tasks });

/** What the project's newest sprint is after these commands. */
function after(...commands: SprintCommand[]): { sprint: Sprint | null; last: EventDraft[] } {
  let events: RecordedEvent[] = [];
  let last: EventDraft[] = [];
  for (const command of commands) {
    last = decideSprint(command, foldSprint(events), meta);
    if (command.type === 'start') events = [];
    events = [
      ...events,
      ...last.map((draft, index) => ({ ...draft, position: events.length + index + 1 }) as RecordedEvent),
    ];
  }
  return { sprint: foldSprint(events), last };
}

describe('a sprint', () => {
  it('is open for two weeks from its start, with a number of its own', () => {
    const { sprint, last } = after(start);
    expect(sprint).toMatchObject({ id: 's1', number: 1, status: 'open', goal: 'goal-1' });
    expect(last[0]?.body).toEqual({
      sprintId: 's1',
      projectId: 'p',
      number: 1,
      startsAt: AT,
      endsAt: '2026-12-04T09:00:00.000Z',
    });
  });

  it('does not start while another is open', () => {
    expect(() => after(start, { ...start, sprintId: 's2' })).toThrow(/Sprint 1 is open already/);
  });

  it('takes another goal while it is open, and none twice', () => {
    const changed = after(start, { type: 'change-goal', goal: 'goal-2' });
    expect([changed.sprint?.goal, changed.last.map(({ type }) => type)]).toEqual(['goal-2', ['sprint.goal-changed']]);
    expect(after(start, { type: 'change-goal', goal: 'goal-1' }).last).toEqual([]);
    expect(() => after(start, close(), { type: 'change-goal', goal: 'goal-2' })).toThrow(/No sprint is open/);
  });

  it('counts what was merged when it is closed, and names what goes on', () => {
    const tasks = [task('a', 'merged', 2), task('b', 'built'), task('c', 'cancelled', 8), task('d', 'blocked', 5)];
    const { sprint, last } = after(start, close(...tasks));
    expect(last[0]?.body).toEqual({ sprintId: 's1', points: 10, donePoints: 2, unfinished: ['b', 'd'] });
    expect(sprint).toMatchObject({ status: 'closed', unfinished: ['b', 'd'] });
  });

  it('takes over what the last one left unfinished, but for what was stopped since', () => {
    const left = [task('a', 'built'), task('b', 'built'), task('c', 'blocked')];
    const since = [task('a', 'merged'), task('b', 'cancelled'), task('c', 'blocked')];
    const { last } = after(start, close(...left), { ...start, sprintId: 's2', tasks: since });
    expect(last[0]?.body).toMatchObject({ sprintId: 's2', number: 2, carriedOver: ['a', 'c'] });
  });

  it.each(['persona:tess', 'factory'])('is not closed by %s', (actor) => {
    const { sprint } = after(start);
    expect(() => decideSprint(close(), sprint, { ...meta, actor })).toThrow(/Only a person/);
  });

  it('is closed once, and only while it is the open one', () => {
    expect(() => after(close())).toThrow(/No sprint is open/);
    expect(() => after(start, close(), close())).toThrow(/No sprint is open/);
    expect(() => after(start, close(), { ...start, sprintId: 's2' }, close())).toThrow(/closed already/);
  });

  it('leaves stopped and rejected tasks out of its points', () => {
    const tasks = [task('a', 'merged', 1), task('b', 'ready', 2), task('c', 'cancelled', 4), task('d', 'rejected', 8)];
    expect(pointsOf(tasks)).toEqual({ points: 3, done: 1 });
  });

  it('has nothing done that was merged and taken back', () => {
    const merged = { state: 'merged', points: 2 };
    expect(pointsOf([merged, { ...merged, revertedBy: 'task-9' }, { ...merged, revertedBy: null }])).toEqual({
      ...{ points: 6, done: 4 },
    });
  });
});

describe('days', () => {
  it.each([
    ['2026-11-20T09:00:00.000Z', '2026-11-21T09:00:00.000Z', 1],
    ['2026-11-20T09:00:00.000Z', '2026-11-21T09:00:00.001Z', 2],
    ['2026-11-20T09:00:00.000Z', '2026-11-20T09:00:00.000Z', 0],
    ['2026-11-20T09:00:00.000Z', '2026-11-01T09:00:00.000Z', 0],
  ])('from %s to %s are %i', (from, to, days) => {
    expect(daysBetween(from, to)).toBe(days);
  });
});

describe('velocity', () => {
  const sprint = (number: number, donePoints: number | null, closedAt: string | null): SprintRow => ({
    id: `s${number}`,
    projectId: 'p',
    number,
    goal: 'Greet',
    status: closedAt === null ? 'open' : 'closed',
    startsAt: AT,
    endsAt: '2026-12-04T09:00:00.000Z',
    closedAt,
    points: donePoints,
    donePoints,
  });

  it('is not known before a sprint was closed', () => {
    expect(velocityOf([])).toEqual({ sprints: [], average: null });
    expect(velocityOf([sprint(1, null, null)]).average).toBeNull();
  });

  it('is what the last three closed sprints got merged, whatever order they come in', () => {
    const rows = [
      sprint(5, null, null),
      sprint(4, 8, '2026-12-04T09:00:00.000Z'),
      sprint(2, 3, '2026-11-22T10:00:00.000Z'),
      sprint(3, 0, AT),
      sprint(1, 100, AT),
    ];
    expect(velocityOf(rows)).toEqual({
      sprints: [
        { number: 2, donePoints: 3, days: 3 },
        { number: 3, donePoints: 0, days: 0 },
        { number: 4, donePoints: 8, days: 14 },
      ],
      average: 4,
    });
  });
});
