import type { EventDraft } from '#src/ledger/event.ts';
import type { EventBodies } from '#src/ledger/event-types.ts';
import type { PersonaName } from '#src/ports/personas.ts';
import { refuse, revertOf, taskEvent } from './decide.ts';
import type { DecisionMeta } from './decide.ts';
import { hasEnded } from './task-status.ts';
import type { Task } from './task.ts';

/** What a person, or the host for them, asks of a task. */
export type PersonCommand =
  | { type: 'pause' }
  | { type: 'resume' }
  | { type: 'stop' }
  /** `mend`: a model is there to mend what was built, so scope, plan and locked tests stay. */
  | { type: 'retry'; revision: string | null; mend?: boolean }
  /** Words for whoever works on it. The same id again says nothing new. */
  | { type: 'steer'; steeringId: string; artifact: string; to: PersonaName | null }
  | { type: 'take-over'; checkout: EventBodies['task.taken-over']['checkout'] }
  /** `headSha`: what the branch holds now. */
  | { type: 'hand-back'; headSha: string }
  /** More of this budget was allowed. */
  | { type: 'go-on'; budget: NonNullable<EventBodies['task.waiting']['budget']> };

/** What a person's word makes of the task. Throws FactoryError when the state has no room for it. */
export function decidePerson(command: PersonCommand, task: Task, meta: DecisionMeta): EventDraft[] {
  const { taskId, number } = task;
  if (hasEnded(task.status))
    refuse('task-ended', `Task ${number} is already ${task.status}.`, 'Commit its story again to start anew.');
  switch (command.type) {
    case 'pause':
      if (task.paused)
        refuse('already-paused', `Task ${number} is paused already.`, 'Resume it when you want it to go on.');
      if (task.status === 'taken-over')
        refuse('task-taken-over', `Nobody but ${task.takenOver?.by} works on task ${number}.`, HAND_BACK);
      return [taskEvent(task, meta, 'task.paused', { taskId })];
    case 'resume':
      if (!task.paused) refuse('not-paused', `Task ${number} is not paused.`, 'There is nothing to resume.');
      return [taskEvent(task, meta, 'task.resumed', { taskId })];
    case 'stop':
      return [
        taskEvent(task, meta, 'task.cancelled', {
          taskId,
          runId: task.run?.runId ?? null,
          storyId: task.storyId,
          pullRequestId: task.pullRequest?.pullRequestId ?? null,
          approvalId: task.approval?.approvalId ?? null,
          ...revertOf(task),
        }),
      ];
    case 'retry':
      return retry(command, task, meta);
    case 'steer': {
      const { steeringId, artifact, to } = command;
      if (task.steering.some((given) => given.steeringId === steeringId)) return [];
      const body = { taskId, steeringId, ...(to === null ? {} : { to }) };
      const given = taskEvent(task, meta, 'steering.given', body, { artifact });
      return [{ ...given, idempotencyKey: `steering:${steeringId}` }];
    }
    case 'take-over':
      return [takenOver(command.checkout, task, meta)];
    case 'hand-back':
      return [handedBack(command.headSha, task, meta)];
    case 'go-on': {
      const { budget } = command;
      const awaited = task.waiting?.budget ?? null;
      if (task.waiting?.kind !== 'budget' || awaited?.scope !== budget.scope || awaited.key !== budget.key)
        refuse('not-waiting', `Task ${number} does not wait for this budget any more.`, 'Look at its status card.');
      return [taskEvent(task, meta, 'task.went-on', { taskId, kind: 'budget' })];
    }
  }
}

const HAND_BACK = 'Say hand back when the work is done, or stop the task.';

function retry(
  { revision, mend = false }: Extract<PersonCommand, { type: 'retry' }>,
  task: Task,
  meta: DecisionMeta,
): EventDraft[] {
  const { taskId, number } = task;
  // What it waits for may be there now: the wake that goes with every decision makes it look again.
  if (task.waiting !== null && revision === null) return [];
  if (task.status === 'taken-over')
    refuse('task-taken-over', `${task.takenOver?.by} works on task ${number}.`, HAND_BACK);
  if (task.status !== 'blocked')
    refuse('not-blocked', `Task ${number} is ${task.status}, not blocked.`, 'A retry is for blocked tasks.');
  if (task.run === null) refuse('no-run', `Task ${number} never started.`, 'Stop the task and commit its story again.');
  const { runId } = task.run;
  const { lock, build } = task.artifacts;
  const isBuilt = lock !== null && build !== null && revision === null;
  // Without a branch there is nothing to go back to but the making of one.
  const state = task.branch === null ? 'claimed' : mend && isBuilt ? 'locked' : 'branched';
  return [taskEvent(task, meta, 'task.retried', { taskId, runId, attempt: 1, state }, { artifact: revision })];
}

function takenOver(
  checkout: EventBodies['task.taken-over']['checkout'],
  task: Task,
  meta: DecisionMeta,
): EventDraft<'task.taken-over'> {
  const { taskId, number, branch } = task;
  if (task.status === 'taken-over')
    refuse('already-taken-over', `${task.takenOver?.by} works on task ${number} already.`, HAND_BACK);
  if (branch === null)
    refuse('no-branch-yet', `Task ${number} has no branch yet.`, 'Say take over again once its card names one.');
  if (task.status === 'approved' && task.waiting === null)
    refuse('being-merged', `Task ${number} is approved and being merged.`, 'Say stop if it must not be merged.');
  return taskEvent(task, meta, 'task.taken-over', {
    taskId,
    by: meta.actor,
    headSha: task.headSha ?? branch.baseSha,
    approvalId: task.approval?.approvalId ?? null,
    checkout,
  });
}

function handedBack(headSha: string, task: Task, meta: DecisionMeta): EventDraft<'task.handed-back'> {
  if (task.status !== 'taken-over')
    refuse('not-taken-over', `Nobody has taken task ${task.number} over.`, 'Say take over to work on it yourself.');
  return taskEvent(task, meta, 'task.handed-back', {
    taskId: task.taskId,
    by: meta.actor,
    headSha,
    isNew: headSha !== task.headSha,
    state: task.artifacts.lock === null ? 'branched' : 'locked',
  });
}
