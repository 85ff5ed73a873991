import type { KnownBlock } from '@slack/types';
import type { ThreadRef } from '#src/ports/chat.ts';

/**
 * What one Slack message says. Everything in `blocks` is `rich_text` or `plain_text`, which Slack shows as they are:
 * no text of a card can become a mention, a link or formatting. `text` is `mrkdwn`, and escaped.
 */
export interface SlackMessage {
  /** One sentence: what a notification shows and a screen reader reads. */
  text: string;
  blocks: KnownBlock[];
}

/** What drawing needs to know of the workspace. Pure: the same answers for the same question. */
export interface DrawContext {
  features: {
    /** The workspace knows `plan` and `task_card` blocks. */
    planBlocks: boolean;
  };
  /** The display name of an actor (`slack:U0123ABCD`). */
  nameOf(actor: string): string;
  /** Where a thread stands in Slack; null when it has no message there yet. */
  linkTo(thread: ThreadRef): string | null;
  /** Whether the people in `mentions` are called; true only when the post is first sent. */
  mention: boolean;
}
