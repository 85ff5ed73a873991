import type { RepositoryRef } from './workspace.ts';

/**
 * Where branches and pull requests live. Every call may be repeated: it first looks whether its effect is already
 * there (by branch, head or marker) and then only reports it.
 */
export interface Forge {
  /** Where this repository lives: `local` (a folder of this machine), `github`. */
  kindOf(repo: RepositoryRef): string;
  /** Creates `branch` at `sha`, expecting it absent. `taken` when someone else's work is there. */
  createBranch(repo: RepositoryRef, branch: string, sha: string): Promise<{ outcome: 'created' | 'exists' | 'taken' }>;
  /** Moves `branch` from `expectedSha` to `sha` (a lease). `moved` when it is at neither: a person pushed. */
  push(
    repo: RepositoryRef,
    branch: string,
    expectedSha: string,
    sha: string,
  ): Promise<{ outcome: 'pushed' | 'already' | 'moved'; actualSha: string | null }>;
  /**
   * What `branch` points at now; null when it is not there. Throws FactoryError `work-not-committed` where the forge can
   * see that a person has it checked out with work in it that no commit holds yet.
   */
  branchHead(repo: RepositoryRef, branch: string): Promise<string | null>;
  /** Opens the pull request for `branch`, or finds the open one of the same task. */
  openPullRequest(repo: RepositoryRef, request: PullRequestDraft): Promise<PullRequestRef>;
  /** What the forge says now: state and head. */
  readPullRequest(repo: RepositoryRef, pullRequest: PullRequestRef): Promise<PullRequestState>;
  /**
   * What people who may write now say in reviews of `headSha` on the forge, and still say; their words are from outside.
   * Reviews that `recordApproval` made are none of theirs.
   */
  readReviews(repo: RepositoryRef, pullRequest: PullRequestRef, headSha: string): Promise<ForgeReview[]>;
  /**
   * Has an approval stand on the forge as a review of the approver's own, of exactly `headSha`, where they linked their
   * account.
   */
  recordApproval(
    repo: RepositoryRef,
    pullRequest: PullRequestRef,
    approval: { headSha: string; approver: string },
  ): Promise<OwnReview>;
  /** What checks of the forge's own say of the head of a pull request; null: this forge runs none. */
  readChecks(repo: RepositoryRef, pullRequest: PullRequestRef, headSha: string): Promise<ForgeChecks | null>;
  /** How a merge into the base branch will land, by what its repository allows now. */
  mergeMethod(repo: RepositoryRef): Promise<MergeMethod>;
  /**
   * Merges exactly `headSha` onto `baseSha`, in the way of `mergeMethod`: what lands holds what `mergeSha` holds. Outcomes other than `merged` change nothing:
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

export interface PullRequestState {
  state: 'open' | 'merged' | 'closed';
  headSha: string;
  mergedSha: string | null;
  /** The account that merged it; absent where it is not merged or the forge does not know. */
  mergedBy?: string;
}

/** The last word of somebody who may write to the repository now. */
export interface ForgeReview {
  /** The forge's id of it. */
  id: string;
  says: 'approve' | 'request-changes';
  /** Their account, and the forge's id of that, which stays when it is renamed. */
  by: string;
  accountId: string;
  text: string;
}

/** What became of a review in the approver's own name. `account`: as people call it there. */
export type OwnReview =
  /** The forge keeps none, or they linked no account. */
  | { outcome: 'none' }
  | { outcome: 'stands'; account: string; reviewId: string }
  /** The forge takes none of theirs here: it was them who opened the pull request, or they may not write. */
  | { outcome: 'not-taken'; account: string; reason: string }
  /** Their account cannot be used until they link it again: the forge refuses it, or its token cannot be read. */
  | { outcome: 'missed'; account: string; reason: 'refused' | 'unreadable' };

export interface ForgeChecks {
  /** `none`: the repository has no checks that ran for it. `pending`: some have not ended, or may still begin. */
  state: 'none' | 'pending' | 'passed' | 'failed';
  runs: ForgeCheck[];
}

/**
 * `merge`: a merge commit, so that the approved head stays in the history. `squash`: one commit. `rebase`: its commits,
 * made anew one after the other; the last of them is the merged one.
 */
export const MERGE_METHODS = ['merge', 'squash', 'rebase'] as const;
export type MergeMethod = (typeof MERGE_METHODS)[number];

export interface ForgeCheck {
  name: string;
  state: 'pending' | 'passed' | 'failed' | 'skipped';
  /** Where a person can read more. */
  url: string | null;
  /** What it says of itself: text from outside. */
  summary: string | null;
  /** null while it runs, or where the forge does not say. */
  durationMs: number | null;
}

export type MergeOutcome =
  | { outcome: 'merged'; mergedSha: string }
  | { outcome: 'head-moved'; actualSha: string | null }
  | { outcome: 'base-moved'; actualSha: string }
  /** `missing`: a review on the forge would do. */
  | { outcome: 'waits'; reason: string; missing?: 'review' };
