/**
 * What GitHub holds. An *account* is a person, an organisation or an app's bot. A *pull* is the half of a pull request
 * that an issue does not have: both share a number and a conversation.
 */
export interface Account {
  id: number;
  login: string;
  type: 'User' | 'Organization' | 'Bot';
  name: string;
  email: string;
}

/** What an account may do in a repository, least first. */
export const LEVELS = ['none', 'read', 'triage', 'write', 'maintain', 'admin'] as const;
export type Level = (typeof LEVELS)[number];

/** The permissions of fine-grained tokens and apps that the stand-in knows. */
export type Permissions = Partial<Record<PermissionName, 'read' | 'write'>>;
export type PermissionName =
  | 'administration'
  | 'checks'
  | 'contents'
  | 'issues'
  | 'metadata'
  | 'pull_requests'
  | 'statuses'
  | 'workflows';

export interface Token {
  value: string;
  /** `personal`: fine-grained. `user`: an app acting as a person, from the device flow. `installation`: an app itself. */
  kind: 'personal' | 'user' | 'installation';
  account: Account;
  app: App | null;
  permissions: Permissions;
  /** Ids; null: all that the account or the installation reaches. */
  repositoryIds: Set<number> | null;
  expiresAtMs: number | null;
  isRevoked: boolean;
}

export interface App {
  id: number;
  slug: string;
  clientId: string;
  installationId: number;
  owner: Account;
  bot: Account;
  permissions: Permissions;
  /** Whether what people grant it ends after eight hours and has to be renewed. */
  userTokensExpire: boolean;
  /** Where it is installed; null: on everything of its owner. */
  repositoryIds: Set<number> | null;
  /** Somebody stopped the installation for a while; null: nobody did. */
  suspendedAtMs: number | null;
  /** PEM of its public key. */
  publicKey: string;
  privateKey: string;
  createdAtMs: number;
}

export interface Repository {
  id: number;
  owner: Account;
  name: string;
  /** `owner/name` that it had before; GitHub sends on from there. */
  formerNames: string[];
  isPrivate: boolean;
  isArchived: boolean;
  defaultBranch: string;
  /** The bare repository. */
  folder: string;
  levels: Map<string, Level>;
  /** Logins of the members of the organisation that owns it. */
  members: Set<string>;
  labels: Label[];
  /** By number; pull requests as well. */
  issues: Map<number, Issue>;
  reactions: Reaction[];
  checkRuns: CheckRun[];
  checkSuites: CheckSuite[];
  statuses: Status[];
  protections: Protection[];
  /** What the settings of the repository let the merge button do. */
  mergeMethods: ReadonlySet<MergeMethod>;
  /** Pushes, merges and changes of refs wait for one another. */
  queue: Promise<unknown>;
  createdAtMs: number;
  pushedAtMs: number;
}

export type MergeMethod = 'merge' | 'squash' | 'rebase';

export interface Label {
  id: number;
  name: string;
  color: string;
  description: string | null;
}

export interface Issue {
  id: number;
  number: number;
  title: string;
  body: string | null;
  author: Account;
  labels: Label[];
  state: 'open' | 'closed';
  stateReason: 'completed' | 'not_planned' | 'reopened' | 'duplicate' | null;
  comments: Comment[];
  isLocked: boolean;
  createdAtMs: number;
  updatedAtMs: number;
  closedAtMs: number | null;
  closedBy: Account | null;
  pull: Pull | null;
}

export interface Comment {
  id: number;
  author: Account;
  body: string;
  createdAtMs: number;
  updatedAtMs: number;
}

/** An emoji on an issue or a comment, by its id. */
export interface Reaction {
  id: number;
  subjectId: number;
  account: Account;
  content: string;
  createdAtMs: number;
}

export interface Pull {
  id: number;
  /** Branches of the same repository; the stand-in has no forks. */
  headRef: string;
  baseRef: string;
  headSha: string;
  baseSha: string;
  isDraft: boolean;
  mergedAtMs: number | null;
  mergedBy: Account | null;
  mergeCommitSha: string | null;
  lastPusher: Account;
  reviews: Review[];
  reviewComments: ReviewComment[];
  requestedReviewers: Account[];
  mergeability: Mergeability;
}

/** What GitHub knows of whether it merges: for which commits, and for how many more reads it says that it does not know. */
export interface Mergeability {
  key: string;
  readsLeft: number;
  isMergeable: boolean | null;
}

export type ReviewState = 'APPROVED' | 'CHANGES_REQUESTED' | 'COMMENTED' | 'DISMISSED' | 'PENDING';

export interface Review {
  id: number;
  author: Account;
  state: ReviewState;
  body: string;
  commitSha: string;
  submittedAtMs: number;
}

/** A word on a line of the diff. */
export interface ReviewComment {
  id: number;
  reviewId: number;
  author: Account;
  path: string;
  line: number;
  body: string;
  commitSha: string;
  createdAtMs: number;
}

export type Conclusion = 'success' | 'failure' | 'neutral' | 'cancelled' | 'skipped' | 'timed_out' | 'action_required';

export interface Annotation {
  path: string;
  startLine: number;
  endLine: number;
  level: 'notice' | 'warning' | 'failure';
  title: string | null;
  message: string;
}

export interface CheckRun {
  id: number;
  suite: CheckSuite;
  app: App;
  name: string;
  headSha: string;
  externalId: string;
  detailsUrl: string | null;
  status: 'queued' | 'in_progress' | 'completed';
  conclusion: Conclusion | null;
  title: string | null;
  summary: string | null;
  text: string | null;
  annotations: Annotation[];
  startedAtMs: number;
  completedAtMs: number | null;
}

/** All runs of one app on one commit. */
export interface CheckSuite {
  id: number;
  app: App;
  headSha: string;
  headBranch: string | null;
  createdAtMs: number;
  updatedAtMs: number;
}

export interface Status {
  id: number;
  sha: string;
  context: string;
  state: 'error' | 'failure' | 'pending' | 'success';
  description: string | null;
  targetUrl: string | null;
  creator: Account;
  createdAtMs: number;
}

/** Rules for a branch. Both kinds hold the same; they are read, and worded, differently. */
export interface Protection {
  id: number;
  kind: 'protection' | 'ruleset';
  branch: string;
  /** Names of check runs or contexts of statuses. */
  requiredChecks: readonly string[];
  /** The branch must hold its base before it merges. */
  isStrict: boolean;
  /** 0: no pull request is needed. */
  requiredApprovals: number;
  dismissesStaleReviews: boolean;
  requiresLastPushApproval: boolean;
  requiresPullRequest: boolean;
  /** No merge commits. */
  requiresLinearHistory: boolean;
  /** What the merge button may do here; null: all that the repository allows. Only rulesets say it. */
  mergeMethods: readonly MergeMethod[] | null;
  allowsForcePushes: boolean;
  allowsDeletions: boolean;
  /** Logins that may push at all; null: everybody who may write. */
  pushers: readonly string[] | null;
  /** Logins that no rule holds for. */
  bypass: readonly string[];
}
