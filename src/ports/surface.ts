import type { Place, PlaceThread, SurfaceName } from '#src/ledger/place.ts';
import type { Post, ThreadRef } from './chat.ts';

/** A post that a place has not got, or not in its newest version. */
export interface DuePost {
  post: Post;
  place: Place;
  /** The message that it answers; null: it stands in the channel itself. */
  root: string | null;
  /** What the place has of it; null: nothing yet. */
  sent: { messageId: string; version: number } | null;
  /** A first send began then, and how it ended was never seen: look it up before it is sent again. */
  intendedAt: string | null;
}

/**
 * What is to be posted where, and where it went. A post becomes due in the transaction that makes or edits it, in every
 * place that its thread stands in; only its newest version counts.
 */
export interface SurfacePosts {
  /**
   * At most `limit`: what the place has not got before edits, however many of those wait; among them task cards first so
   * that others can link to them, then oldest first. Replies to a post that the place has not got are not due yet. `closed`: channels to leave out.
   */
  due(surface: SurfaceName, limit: number, closed?: readonly string[]): Promise<DuePost[]>;
  /** Durable before the first send. */
  intend(place: Place, postId: string): Promise<void>;
  sent(place: Place, postId: string, message: { id: string; version: number }): Promise<void>;
  /** The place will not take this version, or does not show such posts; not due again until the post changes. */
  leftOut(place: Place, postId: string, version: number, reason: string): Promise<void>;
  /** The post that a message of the place shows; null: none of ours. */
  postAt(place: Place, messageId: string): Promise<Post | null>;
  /** The message that shows a post; null: it has none there yet. */
  messageOf(surface: SurfaceName, postId: string): Promise<{ channel: string; messageId: string } | null>;
  /** The message that a thread hangs under; null: it has none there yet. */
  rootOf(surface: SurfaceName, thread: ThreadRef): Promise<PlaceThread | null>;
}

/** Names of people, for whom the ledger holds ids only: `slack:U0123ABCD`. */
export interface People {
  remember(actor: string, name: string): Promise<void>;
  /** Of those that are known. */
  names(actors: readonly string[]): Promise<ReadonlyMap<string, string>>;
}
