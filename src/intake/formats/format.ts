import type { Conversation } from '#src/ports/conversation.ts';

/** What a reader made of one conversation. `problems` are sentences about parts that could not be read. */
export interface ReadConversation {
  conversation: Conversation;
  problems: string[];
}

/** A format whose conversations are JSON values: the root, or the elements of the root array. */
export interface JsonFormat {
  kind: 'json';
  /** As people call it. */
  name: string;
  /** Looks at the shape only; must not throw. */
  recognises(value: unknown): boolean;
  /** Throws `UnreadableEntry` when a value that it recognised holds no conversation after all. */
  read(value: unknown): ReadConversation;
}

/** A format that is plain text: one file, one conversation. */
export interface TextFormat {
  kind: 'text';
  name: string;
  recognises(text: string): boolean;
  /** `title` is the file's name without its ending, for texts that have no title of their own. */
  read(text: string, title: string): ReadConversation;
}

/** A format that is known and named, and not read yet. */
export interface NotYetFormat {
  kind: 'not-yet';
  name: string;
  recognisesJson?(value: unknown): boolean;
  recognisesText?(text: string): boolean;
  /** What a person can do instead. */
  fix: string;
}

export type Format = JsonFormat | TextFormat | NotYetFormat;

/** One entry of an export that cannot be read; the others still are. The message is a sentence for people. */
export class UnreadableEntry extends Error {}
