/**
 * Issues of a forge, as people and bots wrote them. `path` is that of a repository, such as `github:OWNER/NAME`. Every
 * call may throw FactoryError `github-…`.
 */
export interface Issues {
  /** `gone`: it was deleted, so its words are taken back. `absent`: it is not there under this name, or not to be seen. */
  read(path: string, number: number): Promise<Issue | 'gone' | 'absent'>;
  /** All of them, oldest first. */
  comments(path: string, number: number): Promise<IssueComment[]>;
  /** What changed since `since` (inclusive; null: all that are open), least recently changed first; see IssueChanges. */
  changed(path: string, look: ChangesLook & { label: string; since: string | null }): Promise<IssueChanges>;
  /** Issues whose comments were written or edited since then. */
  commented(path: string, look: ChangesLook & { since: string }): Promise<IssueChanges>;
  /** Whether they may write to the repository now. A name that nobody has may not. */
  mayWrite(path: string, login: string): Promise<boolean>;
  /** Writes a comment. Throws FactoryError `github-unreachable` when it is not known whether it is there. */
  comment(path: string, number: number, body: string): Promise<void>;
  editComment(path: string, id: string, body: string): Promise<void>;
}

export interface Issue extends IssueWords {
  number: number;
  title: string;
  labels: string[];
  isOpen: boolean;
  /** Pull requests are issues as well. */
  isPullRequest: boolean;
}

export interface IssueComment extends IssueWords {
  /** The forge's id of it, unique in its repository. */
  id: string;
}

export interface IssueWords {
  /** Login of whoever wrote it; null: the account is gone. */
  author: string | null;
  isBot: boolean;
  /** Whether it may have been written under the factory's own account. */
  isOwnAccount: boolean;
  /** ISO 8601 in UTC. */
  at: string;
  /** Markdown; a body may be empty. */
  text: string;
}

export interface ChangesLook {
  /** Of the same look before; null: none. */
  etag: string | null;
  /** From 1. */
  page: number;
}

/** `busy`: the forge asks to be left alone for so long. */
export type IssueChanges =
  | { kind: 'unchanged' }
  | { kind: 'busy'; waitMs: number }
  | {
      kind: 'changed';
      /** A page at most, and each issue once for each change. */
      changes: { number: number; updatedAt: string }[];
      /** There is more after the last of these. */
      isCut: boolean;
      etag: string | null;
    };
