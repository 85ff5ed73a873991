import { FactoryError } from '#src/errors.ts';
import type { EventDraft, RecordedEvent } from '#src/ledger/event.ts';
import { isEvent } from '#src/ledger/event.ts';
import { factBy } from '#src/ledger/fact-by.ts';

/** Length of a sprint; Scrum allows up to four weeks, two is what most teams take. */
const SPRINT_DAYS = 14;
const DAY_MS = 86_400_000;

/** A project has one sprint at a time, so its newest is all that a decision needs. */
export interface Sprint {
  id: string;
  projectId: string;
  number: number;
  status: 'open' | 'closed';
  /** Artifact of the goal: its words are no fact of the ledger. */
  goal: string | null;
  /** Tasks that had not ended when it was closed. */
  unfinished: readonly string[];
  /** Length of its stream. */
  position: number;
}

/** What a sprint needs to know of a task. */
export interface SprintTask {
  id: string;
  state: string;
  points: number;
  /** null: somebody is still to work on it. */
  endedAt: string | null;
  /** The task that took it back once it was merged; absent or null: it stands. */
  revertedBy?: string | null;
}

export type SprintCommand =
  /** `tasks`: what has become of those that the sprint before left unfinished. */
  | { type: 'start'; sprintId: string; projectId: string; goal: string; tasks: readonly SprintTask[] }
  | { type: 'change-goal'; goal: string }
  /** `tasks`: all of the sprint's. */
  | { type: 'close'; sprintId: string; tasks: readonly SprintTask[] };

interface SprintMeta {
  actor: string;
  at: string;
}

export const sprintStream = (sprintId: string): string => `sprint:${sprintId}`;

/** Stopped and rejected tasks are no part of a sprint. */
export function isCounted({ state }: Pick<SprintTask, 'state'>): boolean {
  return state !== 'cancelled' && state !== 'rejected';
}

/** Merged, and not taken back since. */
export function isDone({ state, revertedBy = null }: Pick<SprintTask, 'state' | 'revertedBy'>): boolean {
  return state === 'merged' && revertedBy === null;
}

/** Points of all tasks that count, and of those that are done. */
export function pointsOf(tasks: readonly Pick<SprintTask, 'state' | 'points' | 'revertedBy'>[]): {
  points: number;
  done: number;
} {
  const sum = (rows: typeof tasks) => rows.reduce((points, task) => points + task.points, 0);
  return { points: sum(tasks.filter(isCounted)), done: sum(tasks.filter(isDone)) };
}

/** Days from one moment to a later one; a day that has begun counts, and there are never fewer than none. */
export function daysBetween(from: string | Date, to: string | Date): number {
  return Math.max(0, Math.ceil((new Date(to).getTime() - new Date(from).getTime()) / DAY_MS));
}

/** What the sprint's stream amounts to; null before it was started. */
export function foldSprint(events: readonly RecordedEvent[]): Sprint | null {
  return events.reduce<Sprint | null>(evolveSprint, null);
}

function evolveSprint(sprint: Sprint | null, event: RecordedEvent): Sprint | null {
  if (isEvent(event, 'sprint.started')) {
    const { sprintId: id, projectId, number } = event.body;
    return { id, projectId, number, status: 'open', goal: event.artifact, unfinished: [], position: event.position };
  }
  if (sprint === null) return null;
  const next = { ...sprint, position: event.position };
  if (isEvent(event, 'sprint.goal-changed')) return { ...next, goal: event.artifact };
  if (isEvent(event, 'sprint.closed')) return { ...next, status: 'closed', unfinished: event.body.unfinished ?? [] };
  return next;
}

/** What a command makes of the project's newest sprint (null: it had none). Throws FactoryError when it has no room for that. */
export function decideSprint(command: SprintCommand, newest: Sprint | null, meta: SprintMeta): EventDraft[] {
  switch (command.type) {
    case 'start':
      return [start(command, newest, meta)];
    case 'change-goal':
      return changeGoal(command, newest, meta);
    case 'close':
      return [close(command, newest, meta)];
  }
}

function start(
  { sprintId, projectId, goal, tasks }: SprintCommand & { type: 'start' },
  newest: Sprint | null,
  meta: SprintMeta,
): EventDraft<'sprint.started'> {
  if (newest?.status === 'open') {
    throw new FactoryError('sprint-open', `Sprint ${newest.number} is open already.`, {
      fix: 'Say `sprint close` to end it first.',
    });
  }
  // What was stopped since then is over; what was merged since then is this sprint's, as it was not the last one's.
  const over = new Set(tasks.filter((task) => !isCounted(task)).map(({ id }) => id));
  const carriedOver = (newest?.unfinished ?? []).filter((id) => !over.has(id));
  return {
    ...factBy(meta.actor, meta.at),
    artifact: goal,
    type: 'sprint.started',
    body: {
      sprintId,
      projectId,
      number: (newest?.number ?? 0) + 1,
      startsAt: meta.at,
      endsAt: new Date(Date.parse(meta.at) + SPRINT_DAYS * DAY_MS).toISOString(),
      ...(carriedOver.length === 0 ? {} : { carriedOver }),
    },
  };
}

function changeGoal(
  { goal }: SprintCommand & { type: 'change-goal' },
  newest: Sprint | null,
  meta: SprintMeta,
): EventDraft<'sprint.goal-changed'>[] {
  const { id: sprintId, goal: before } = requireOpen(newest);
  if (before === goal) return [];
  return [{ ...factBy(meta.actor, meta.at), artifact: goal, type: 'sprint.goal-changed', body: { sprintId } }];
}

function close(
  { sprintId, tasks }: SprintCommand & { type: 'close' },
  newest: Sprint | null,
  meta: SprintMeta,
): EventDraft<'sprint.closed'> {
  if (meta.actor === 'factory' || meta.actor.startsWith('persona:')) {
    throw new FactoryError('not-a-person', 'Only a person closes a sprint.', { fix: 'Ask somebody of the team.' });
  }
  const open = requireOpen(newest);
  if (open.id !== sprintId) {
    throw new FactoryError('sprint-closed', 'That sprint is closed already.', {
      fix: `Say \`sprint close\` again to close sprint ${open.number}.`,
    });
  }
  const { points, done } = pointsOf(tasks);
  const unfinished = tasks.filter(({ endedAt }) => endedAt === null).map(({ id }) => id);
  return {
    ...factBy(meta.actor, meta.at),
    type: 'sprint.closed',
    body: { sprintId, points, donePoints: done, unfinished },
  };
}

function requireOpen(newest: Sprint | null): Sprint {
  if (newest?.status === 'open') return newest;
  throw new FactoryError('no-sprint-open', 'No sprint is open.', {
    fix: 'Say `sprint start`, or commit a story, to open one.',
  });
}
