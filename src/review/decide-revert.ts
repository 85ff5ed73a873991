import { refuse, taskEvent } from '#src/code-factory/decide.ts';
import type { DecisionMeta } from '#src/code-factory/decide.ts';
import type { Reverts, Task } from '#src/code-factory/task.ts';
import type { EventDraft } from '#src/ledger/event.ts';
import { mayApprove } from './rights.ts';
import type { ApprovalRights } from './rights.ts';

/** A person wants a merged task taken back. */
export interface RevertCommand {
  actor: string;
  rights: ApprovalRights;
  /** The task that is to do it. */
  revertTaskId: string;
  /** What takes it back already: `open` is on its way, `merged` has done so. null: nothing. */
  earlier: { number: number; state: 'open' | 'merged' } | null;
}

/** Who may say no to a change may also take it back. Throws FactoryError for everybody else, and for what cannot be. */
export function decideRevert(command: RevertCommand, task: Task, meta: DecisionMeta): EventDraft<'revert.opened'> {
  const { actor, rights, earlier, revertTaskId } = command;
  const { number, taskId } = task;
  const answer = mayApprove(actor, task.requester, rights);
  if (!answer.allowed && actor !== task.requester) refuse(answer.code, answer.reason, answer.fix);
  if (task.status !== 'merged')
    refuse('not-merged', `Task ${number} is ${task.status}, so there is nothing to take back.`, 'Stop it instead.');
  if (earlier?.state === 'open')
    refuse('revert-under-way', `Task ${earlier.number} takes task ${number} back already.`, 'Look at its card.');
  if (earlier !== null) {
    refuse(
      'already-reverted',
      `Task ${earlier.number} took task ${number} back.`,
      `To have it again, press Revert on the card of task ${earlier.number}.`,
    );
  }
  return taskEvent(task, meta, 'revert.opened', { taskId, revertTaskId });
}

/** What a revert of a merged task takes back. Throws FactoryError `not-merged`. */
export function revertsOf({ taskId, featureId, number, status, mergedSha, pullRequest, reverts }: Task): Reverts {
  if (mergedSha === null || pullRequest === null)
    refuse('not-merged', `Task ${number} is ${status}, so there is nothing to take back.`, 'Stop it instead.');
  const { baseSha, headSha } = pullRequest;
  return { chain: [{ taskId, featureId }, ...(reverts?.chain ?? [])], landed: { mergedSha, baseSha, headSha } };
}
