import { isEvent } from '#src/ledger/event.ts';
import type { RecordedEvent } from '#src/ledger/event.ts';

/** Who a task is with: the line works or is due to; people decide or do; something outside is waited for. */
export type Holder = 'line' | 'people' | 'outside';

/** Kinds of `task.waiting` that only a person ends. */
const FOR_PEOPLE: ReadonlySet<string> = new Set(['dirty-clone', 'budget', 'review']);

/** Who has the task from this event on, and why; null: the event leaves it where it is. */
export function holderAfter(event: RecordedEvent): { holder: Holder; why: string } | null {
  if (isEvent(event, 'task.waiting')) {
    const { kind } = event.body;
    return { holder: FOR_PEOPLE.has(kind) ? 'people' : 'outside', why: kind };
  }
  switch (event.type) {
    case 'pull-request.opened':
      return { holder: 'people', why: 'review' };
    case 'task.blocked':
      return { holder: 'people', why: 'blocked' };
    case 'task.taken-over':
      return { holder: 'people', why: 'taken-over' };
    case 'task.paused':
      return { holder: 'people', why: 'paused' };
    case 'task.claimed':
    case 'branch.created':
    case 'assignment.dispatched':
    case 'scope.clarified':
    case 'plan.generated':
    case 'behaviour.locked':
    case 'code.generated':
    case 'qa.passed':
    case 'qa.failed':
    case 'retry.scheduled':
    case 'approval.granted':
    case 'approval.voided':
    case 'review.outdated':
    case 'pull-request.reopened':
    case 'task.retried':
    case 'task.handed-back':
    case 'task.resumed':
    case 'task.went-on':
      return { holder: 'line', why: event.type };
    case 'pull-request.merged':
    case 'pull-request.merged-by-hand':
    case 'pull-request.rejected':
    case 'task.cancelled':
      return { holder: 'line', why: 'ended' };
    default:
      return null;
  }
}
