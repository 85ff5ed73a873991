import { isEvent } from '#src/ledger/event.ts';
import type { RecordedEvent } from '#src/ledger/event.ts';
import type { EventBodies } from '#src/ledger/event-types.ts';
import { shortSha } from './card-parts.ts';

const VOIDED: Readonly<Record<EventBodies['approval.voided']['reason'], string>> = {
  'head-moved': 'the branch moved after the approval',
  'diff-changed': 'the base moved and the merge would have changed something else',
  expired: 'the approval ran out before the merge',
  'rights-withdrawn': 'the approver is not known to be one any more',
  'review-withdrawn': 'the review that approved does not stand any more',
  'checks-failed': 'the checks fail on the merge result',
  'merge-conflict': 'it conflicts with the base now',
};

/**
 * What came of a review card, from the facts after it and before the next one: "Approved by its requester, local ·
 * merged as 9ac1f07". null while nobody decided. `rejectReason`: what the person said who rejected it.
 */
export function reviewOutcome(after: readonly RecordedEvent[], rejectReason: string | null = null): string | null {
  let approved: string | null = null;
  for (const event of after) {
    if (isEvent(event, 'approval.granted')) {
      const { approver, byRequester } = event.body;
      approved = byRequester ? `Approved by its requester, ${approver}` : `Approved by ${approver}`;
    }
    const decided = ending(event, approved, rejectReason);
    if (decided !== null) return decided;
  }
  return approved === null ? null : `${approved} · merging`;
}

function ending(event: RecordedEvent, approved: string | null, rejectReason: string | null): string | null {
  const by = approved ?? 'Approved';
  if (isEvent(event, 'pull-request.merged')) return `${by} · merged as ${shortSha(event.body.mergedSha)}`;
  if (isEvent(event, 'approval.voided')) return `${by} · void: ${VOIDED[event.body.reason]}`;
  if (isEvent(event, 'review.outdated'))
    return 'Void: somebody pushed to the branch. What is there now is checked first.';
  if (isEvent(event, 'pull-request.closed')) return 'Ended by hand: the card below says how.';
  if (isEvent(event, 'pull-request.merged-by-hand')) {
    const { mergedBy, mergedSha } = event.body;
    return `Merged by hand by ${mergedBy ?? 'somebody'}, without an approval here, as ${shortSha(mergedSha)}.`;
  }
  if (isEvent(event, 'changes.requested')) return `${event.actor} asked for changes.`;
  if (isEvent(event, 'pull-request.rejected')) {
    const because = rejectReason === null ? '' : `: “${rejectReason}”`;
    return `Rejected by ${event.actor}${because}. The pull request is closed; the branch stays.`;
  }
  if (isEvent(event, 'task.taken-over')) {
    const taken = `${event.body.by} took the work over`;
    return approved === null ? `Void: ${taken}.` : `${approved} · void: ${taken}`;
  }
  if (isEvent(event, 'task.cancelled')) {
    return approved === null
      ? `Stopped by ${event.actor} before a decision.`
      : `${by} · stopped by ${event.actor} before its merge`;
  }
  if (isEvent(event, 'task.blocked') && approved !== null) return `${by} · not merged: the card below says why`;
  return null;
}
