import type { Conversation } from '#src/ports/conversation.ts';

/** What an import yields. A problem is something that could not be read, in a sentence; the rest of the file still is. */
export type ImportItem =
  | { kind: 'conversation'; conversation: Conversation }
  | { kind: 'problem'; file: string; reason: string };
