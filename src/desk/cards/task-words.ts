import { hasEnded } from '#src/code-factory/task-status.ts';
import type { TaskStatus } from '#src/code-factory/task-status.ts';
import type { StoryTaskRow } from '#src/ledger/rows.ts';

/** A task's state, as a person would say it. */
export const statusWords: Readonly<Record<TaskStatus, string>> = {
  ready: 'waits for its turn',
  claimed: 'makes the branch',
  branched: 'hands out the work',
  assigned: 'clarifies the scope',
  scoped: 'plans',
  planned: 'locks behaviour',
  locked: 'builds',
  built: 'runs the checks',
  checked: 'opens the pull request',
  'in-review': 'waits for review',
  approved: 'merges',
  merged: 'merged',
  blocked: 'blocked',
  'taken-over': 'in a person’s hands',
  rejected: 'rejected',
  cancelled: 'stopped',
};

/** What a task waits for, in place of what it would do next. */
const waitingWords: Readonly<Record<string, string>> = {
  dependency: 'waits for another task',
  sandbox: 'waits for the sandbox',
  repository: 'waits for the repository',
  'dirty-clone': 'waits for changes that are not committed',
  disk: 'waits for room on the disk',
  model: 'waits for the model',
  budget: 'waits for your word on its budget',
  checks: 'waits for its checks',
  review: 'waits for a review',
  changes: 'waits for the changes',
};

/** What a task does or waits for just now, as a person would say it. */
export function wordsForTask({
  state,
  paused,
  waitingKind,
  revertedBy = null,
}: Pick<StoryTaskRow, 'state' | 'paused' | 'waitingKind'> & Partial<Pick<StoryTaskRow, 'revertedBy'>>): string {
  if (revertedBy !== null) return 'merged, then reverted';
  if (paused) return 'paused';
  const isWorking = !hasEnded(state as TaskStatus) && waitingKind !== null;
  return (isWorking ? waitingWords[waitingKind] : undefined) ?? wordsFor(state);
}

export function wordsFor(state: string): string {
  return state in statusWords ? statusWords[state as TaskStatus] : state;
}

/** Something went wrong with it, or came to nothing. Changes that somebody asked for are neither. */
export function wentWrong({ state, waitingKind }: Pick<StoryTaskRow, 'state' | 'waitingKind'>): boolean {
  return state === 'rejected' || (state === 'blocked' && waitingKind !== 'changes');
}

/**
 * Whether a person has to do something before it goes on. Checks of the forge end by themselves; one task waits for
 * another by itself, unless that one never will be merged: then the requester is asked.
 */
export function waitsForPerson(task: StoryTaskRow): boolean {
  if (task.waitingKind === null || hasEnded(task.state as TaskStatus)) return false;
  if (task.waitingKind === 'checks') return false;
  return task.waitingKind !== 'dependency' || task.waitingWho === task.requester;
}
