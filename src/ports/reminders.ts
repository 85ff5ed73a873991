import type { Post } from './chat.ts';

/** A post that asked people of surfaces outside of the room, as far as they were reminded of it. */
export interface OpenAsk {
  post: Post;
  /** How many reminders were said. */
  said: number;
  /** One more is due then, because somebody snoozed the last; null: nobody did. */
  snoozedUntil: string | null;
}

/** What people are to be reminded of. A post is in here from the transaction that first made it until `end`. */
export interface Reminders {
  /** Oldest first; those that have been answered among them. */
  open(): Promise<OpenAsk[]>;
  /** The `count`-th reminder was said; said again it has no effect. A snooze before it is over. */
  said(postId: string, count: number): Promise<void>;
  /** The `count`-th reminder was answered with "later"; nothing when a later one was said already. */
  snooze(postId: string, count: number, until: Date): Promise<void>;
  end(postId: string): Promise<void>;
}
