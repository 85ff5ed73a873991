import type { RepositoryRef } from './workspace.ts';

/**
 * Where branches and pull requests live. Every call may be repeated: it first looks whether its effect is already
 * there (by branch, head or marker) and then only reports it.
 */
export interface Forge {
  readonly kind: string;
  /** Creates `branch` at `sha`, expecting it absent. `taken` when someone else's work is there. */
  createBranch(repo: RepositoryRef, branch: string, sha: string): Promise<{ outcome: 'created' | 'exists' | 'taken' }>;
  /** Moves `branch` from `expectedSha` to `sha` (a lease). `moved` when it is at neither: a person pushed. */
  push(
    repo: RepositoryRef,
    branch: string,
    expectedSha: string,
    sha: string,
  ): Promise<{ outcome: 'pushed' | 'already' | 'moved'; actualSha: string | null }>;
  /** Opens the pull request for `branch`, or finds the open one of the same task. */
  openPullRequest(repo: RepositoryRef, request: PullRequestDraft): Promise<PullRequestRef>;
  /** What the forge says now: state and head. */
  readPullRequest(
    repo: RepositoryRef,
    pullRequest: PullRequestRef,
  ): Promise<{ state: 'open' | 'merged' | 'closed'; headSha: string; mergedSha: string | null }>;
  /**
   * Merges exactly `headSha` as the commit `mergeSha` onto `baseSha`. Outcomes other than `merged` change nothing:
   * `head-moved`, `base-moved`, `waits` (the person's clone is dirty; `reason` says what to do).
   */
  merge(
    repo: RepositoryRef,
    pullRequest: PullRequestRef,
    merge: { headSha: string; baseSha: string; mergeSha: string },
  ): Promise<MergeOutcome>;
  closePullRequest(repo: RepositoryRef, pullRequest: PullRequestRef): Promise<void>;
}

export interface PullRequestDraft {
  taskId: string;
  title: string;
  body: string;
  branch: string;
  headSha: string;
}

export interface PullRequestRef {
  /** Unique in its repository. */
  number: number;
  /** Where a person can look at it: a URL, or a path inside the room. */
  url: string;
}

export type MergeOutcome =
  | { outcome: 'merged'; mergedSha: string }
  | { outcome: 'head-moved'; actualSha: string | null }
  | { outcome: 'base-moved'; actualSha: string }
  | { outcome: 'waits'; reason: string };
