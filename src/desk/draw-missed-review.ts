import { isEvent } from '#src/ledger/event.ts';
import type { RecordedEvent } from '#src/ledger/event.ts';
import type { EventBodies } from '#src/ledger/event-types.ts';
import type { StoryTaskRow } from '#src/ledger/rows.ts';
import type { PostDraft } from '#src/ports/chat.ts';
import { card } from './cards/card-parts.ts';
import { by, post } from './redraw.ts';

const WHY: Readonly<Record<EventBodies['review.missed']['reason'], (account: string) => string>> = {
  refused: (account) => `GitHub does not let me act as ${account} any more`,
  unreadable: (account) => `What let me act as ${account} was sealed with another key`,
};

/** Tells an approver, once for an approval, that their account has to be linked again. */
export async function drawMissedReview(event: RecordedEvent, task: StoryTaskRow): Promise<PostDraft[]> {
  if (!isEvent(event, 'review.missed')) return [];
  const { approver, account, reason } = event.body;
  const lead = `${WHY[reason](account)}, so the approval is not your review there. The merge goes on without it. Say **link github** to link your account again.`;
  const thread = { kind: 'task', id: task.id } as const;
  return [post(`review-missed:${event.seq}`, thread, by('tess'), card('notice', lead), [approver])];
}
