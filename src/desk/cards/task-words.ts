import { hasEnded } from '#src/code-factory/task-status.ts';
import type { TaskStatus } from '#src/code-factory/task-status.ts';
import type { StoryTaskRow } from '#src/ledger/rows.ts';

/** A task's state, as a person would say it. */
const statusWords: Readonly<Record<TaskStatus, string>> = {
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
  rejected: 'rejected',
  cancelled: 'stopped',
};

export function wordsFor(state: string): string {
  return state in statusWords ? statusWords[state as TaskStatus] : state;
}

/**
 * Whether a person has to do something before it goes on. One task waits for another by itself, unless that one never
 * will be merged: then the requester is asked.
 */
export function waitsForPerson(task: StoryTaskRow): boolean {
  if (task.waitingKind === null || hasEnded(task.state as TaskStatus)) return false;
  return task.waitingKind !== 'dependency' || task.waitingWho === task.requester;
}
