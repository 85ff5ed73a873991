/** A conversation as the factory keeps it: an imported export and a live thread are the same thing from here on. */
export interface Conversation {
  /** The origin's own id where it has one; else derived from the content, so that it is the same next time. */
  id: string;
  title: string;
  source: ConversationSource;
  messages: ConversationMessage[];
  /** What was left out of `messages` and why, counted by kind. */
  skipped: Skipped[];
}

export const conversationSources = [
  'chatgpt',
  'claude',
  'meeting',
  'transcript',
  'markdown',
  'webvtt',
  'text',
  'room',
  'slack',
  'github',
  'queue-file',
  'signal',
] as const;
export type ConversationSource = (typeof conversationSources)[number];

export interface ConversationMessage {
  /** 0-based among the kept messages of the current path: how everything cites it. */
  position: number;
  /** As the origin names them: `You`, `ChatGPT`, `Customer`. */
  speaker: string;
  /** An assistant only proposes; what it said counts when a person took it up. */
  role: 'person' | 'assistant';
  /** ISO 8601 in UTC, or null where the origin does not say. */
  at: string | null;
  text: string;
  /** The origin's id of this message, or null. */
  originId: string | null;
}

export interface Skipped {
  kind: string;
  count: number;
  reason: string;
}
