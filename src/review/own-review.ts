import { taskEvent } from '#src/code-factory/decide.ts';
import type { DecisionMeta } from '#src/code-factory/decide.ts';
import type { Task } from '#src/code-factory/task.ts';
import type { EventDraft } from '#src/ledger/event.ts';
import type { OwnReview } from '#src/ports/forge.ts';

/** What the ledger is told of a review in the approver's own name; each outcome once for an approval. */
export function decideOwnReview(review: OwnReview, task: Task, meta: DecisionMeta): EventDraft[] {
  const { approval, taskId } = task;
  if (approval === null) return [];
  const { approvalId, approver, headSha, ownReview } = approval;
  switch (review.outcome) {
    case 'none':
    case 'not-taken':
      return [];
    case 'stands': {
      const { account, reviewId } = review;
      if (ownReview === 'submitted') return [];
      return [taskEvent(task, meta, 'review.submitted', { taskId, approvalId, account, reviewId, headSha })];
    }
    case 'missed': {
      const { account, reason } = review;
      if (ownReview === 'missed') return [];
      return [taskEvent(task, meta, 'review.missed', { taskId, approvalId, approver, account, reason })];
    }
  }
}

/** What helps where the forge waits for a review: who may give it, and where. */
export function howToReview(review: OwnReview, approver: string): string {
  const onPage = 'Anybody with write access who did not open it can approve it on its page.';
  switch (review.outcome) {
    case 'none':
      return `${onPage} Or ${approver} says \`link github\`, then presses Try now.`;
    case 'missed':
      return `${onPage} Or ${approver} says \`link github\` again, then presses Try now.`;
    case 'not-taken':
      return `${onPage} It took no review from ${review.account}: ${review.reason}.`;
    case 'stands':
      return `The review of ${review.account} is there and is not enough. ${onPage}`;
  }
}
