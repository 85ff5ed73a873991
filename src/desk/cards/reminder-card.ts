import type { Card, Post } from '#src/ports/chat.ts';
import { action, card } from './card-parts.ts';

/** What says once more that somebody is waited for. With an outcome: it is over. `count`: which reminder it is. */
export function reminderCard({
  ask,
  taskNumber,
  count,
  outcome = null,
}: {
  ask: Pick<Post, 'id' | 'card'>;
  /** null: what waits is no task's. */
  taskNumber: number | null;
  count: number;
  outcome?: string | null;
}): Card {
  const what = taskNumber === null ? 'This' : `Task ${taskNumber}`;
  const answer = ask.card.kind === 'review' ? 'review' : 'answer';
  const lead = outcome === null ? `${what} still waits for your ${answer}.` : `${what} waited for your ${answer}.`;
  const snooze = action('snooze', 'Snooze', { type: 'snooze', postId: ask.id, reminder: count });
  return card('question', lead, {
    tone: outcome === null ? 'waiting' : 'plain',
    actions: outcome === null ? [snooze] : [],
    outcome,
  });
}
