import type { Card, Post } from '#src/ports/chat.ts';
import { action, card } from './card-parts.ts';

/** What says once more that somebody is waited for. With an outcome: it is over. `count`: which reminder it is. */
export function reminderCard({
  ask,
  what,
  count,
  outcome = null,
}: {
  ask: Pick<Post, 'id' | 'card'>;
  /** “Task 3”. */
  what: string;
  count: number;
  outcome?: string | null;
}): Card {
  const answer = ask.card.kind === 'review' ? 'review' : 'answer';
  const lead = outcome === null ? `${what} still waits for your ${answer}.` : `${what} waited for your ${answer}.`;
  const snooze = action('snooze', 'Snooze', { type: 'snooze', postId: ask.id, reminder: count });
  return card('question', lead, {
    tone: outcome === null ? 'waiting' : 'plain',
    actions: outcome === null ? [snooze] : [],
    outcome,
  });
}
