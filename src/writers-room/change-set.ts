/**
 * Code of a conversation that answers one request: fenced blocks that name a path, and unified diffs.
 * Owned by exactly one story. The last version that people accepted counts; a declined proposal stays out.
 */
export interface ChangeSet {
  /** Stable for the same request in the same conversation. */
  key: string;
  /** The person's message that asked for it; -1 when the code opens the conversation. */
  requestPosition: number;
  /**
   * accepted: a person said so, or built on it. unconfirmed: asked for, and nobody said yes or no afterwards
   * (typical for the last answer of an exported chat); the person who commits the story decides.
   */
  acceptance: 'accepted' | 'unconfirmed';
  /** The message that accepted it, or null. */
  acceptedBy: number | null;
  /** In the order in which they apply. One `file` a path at most; diffs apply on top. */
  edits: ChangeSetEdit[];
  /** Blocks that were left out, each with a sentence for a person. */
  leftOut: LeftOut[];
}

/** A block that is in no change set's edits and was not simply replaced by a later version. */
export interface LeftOut {
  path: string;
  position: number;
  /** A sentence for a person. */
  reason: string;
}

/** A request that was answered with code of which nothing can be used, and why. */
export interface EmptiedRequest {
  /** The person's message that asked for it; -1 when the code opens the conversation. */
  requestPosition: number;
  /** Never empty. */
  leftOut: LeftOut[];
  /** People did not turn it down: with a whole file, or a path that the factory accepts, it could be built. */
  wanted: boolean;
}

export interface ChangeSetEdit {
  path: string;
  kind: 'file' | 'diff';
  content: string;
  /** The message it came from. */
  position: number;
  /** By path and content: committed first, before the code that it tests. */
  isTest: boolean;
}
