import type { RepositoryRef } from './workspace.ts';

/** Where a repository keeps a queue of work, beside issues: a file that people write by hand. */
export const QUEUE_FILE = 'factory/tasks/queue.json';

/** More would take too long to read every time that somebody saves it. */
export const MAX_QUEUE_BYTES = 256 * 1024;

/** The queue as it stands in a person's working copy. */
export interface QueueText {
  text: string;
  /** Other than before whenever the file is. */
  stamp: string;
}

/**
 * Queues in working copies of this machine. What will not do throws FactoryError `queue-file-refused`: links, what is
 * no plain file, over `MAX_QUEUE_BYTES`, not UTF-8.
 */
export interface QueueFiles {
  /** Cheap, for looking often. null: there is none. */
  stamp(repo: Pick<RepositoryRef, 'path'>): Promise<string | null>;
  /** null: there is none, or another branch than the base is checked out, whose queue is older or somebody's draft. */
  read(repo: Pick<RepositoryRef, 'path' | 'baseBranch'>): Promise<QueueText | null>;
  /** Puts `text` in the place of what was read, whole or not at all. false: somebody changed it since; nothing is written. */
  replace(repo: Pick<RepositoryRef, 'path' | 'baseBranch'>, read: QueueText, text: string): Promise<boolean>;
}
