import { hasEnded } from '#src/code-factory/task-status.ts';
import type { TaskStatus } from '#src/code-factory/task-status.ts';
import type { StoryRow, StoryTaskRow } from '#src/ledger/rows.ts';
import { outcomeOf } from '../entry-status.ts';
import type { EndStatus, EntryState, LastRun, OpenStatus } from '../entry-status.ts';

/** What came of one entry. */
export interface EntryFacts {
  stories: readonly Pick<StoryRow, 'status'>[];
  tasks: readonly (Pick<StoryTaskRow, 'number' | 'state' | 'branch' | 'createdAt' | 'endedAt'> & {
    pullRequest: number | null;
  })[];
  /** Asked where no story can be made of it. */
  questions: readonly string[];
  /** ISO 8601 UTC: when it was last read. */
  readAt: string;
}

/** How an entry stands, in the order in which it matters to its author: what is open before what is done. */
export function stateOf({ stories, tasks, questions, readAt }: EntryFacts): EntryState {
  const open = tasks.filter(({ state }) => !hasEnded(state as TaskStatus));
  const merged = tasks.filter(({ state }) => state === 'merged');
  const [latest] = [open, merged, tasks].find((some) => some.length > 0)?.toSorted((a, b) => b.number - a.number) ?? [];
  if (open.length > 0 && latest !== undefined) return { status: openStatus(open), lastRun: runOf(latest) };
  if (stories.some(({ status }) => status === 'proposed'))
    return { status: 'proposed', lastRun: latest === undefined ? null : runOf(latest) };
  if (latest !== undefined) return { status: endOf(latest.state as TaskStatus), lastRun: runOf(latest) };
  if (stories.some(({ status }) => status === 'taken')) return { status: 'taken', lastRun: null };
  const asked = { at: readAt, task: null, outcome: 'needs answers', branch: null, pullRequest: null };
  return { status: 'needs-answers', lastRun: { ...asked, questions: [...questions] } };
}

function openStatus(open: EntryFacts['tasks']): OpenStatus {
  const states = new Set(open.map(({ state }) => state as TaskStatus));
  if (states.has('blocked')) return 'blocked';
  return states.has('in-review') || states.has('approved') ? 'in-review' : 'in-progress';
}

function endOf(state: TaskStatus): EndStatus {
  if (state === 'merged') return 'done';
  return state === 'rejected' ? 'rejected' : 'stopped';
}

function runOf(task: EntryFacts['tasks'][number]): LastRun {
  const { number, state, branch, createdAt, endedAt, pullRequest } = task;
  return { at: endedAt ?? createdAt, task: number, outcome: outcomeIn(state as TaskStatus), branch, pullRequest };
}

function outcomeIn(state: TaskStatus): string {
  if (hasEnded(state)) return outcomeOf(endOf(state));
  if (state === 'blocked') return 'blocked';
  if (state === 'taken-over') return 'taken over';
  return state === 'in-review' || state === 'approved' ? 'in review' : 'in progress';
}
