import type { IncidentRow, LessonRow, LessonUseRow, RetrospectiveRow } from './reflection-rows.ts';
import type { QaRunRow, TaskRunRow, WorkRunRow } from './run-rows.ts';

/**
 * The projection tables, column by column: what the ledger alone can rebuild. Times are ISO 8601 UTC strings with
 * milliseconds; lists are JSON columns. The entities in `persistence/entities` mirror these names one to one.
 */
export interface ProjectRow {
  id: string;
  slug: string;
  name: string;
  createdAt: string;
}

export interface GitRepoRow {
  id: string;
  projectId: string;
  forge: string;
  path: string;
  baseBranch: string;
  createdAt: string;
}

/** One row a conversation; `version` counts the canvases that it had. */
export interface InceptionRow {
  id: string;
  projectId: string;
  conversationId: string;
  version: number;
  canvasArtifact: string;
  /** A model is to read the conversation as it now stands. */
  refine: boolean;
  /** What came of the latest reading, in one sentence; null: none has read it. */
  refinement: string | null;
  updatedAt: string;
}

export interface InceptionFeatureRow {
  id: string;
  inceptionId: string;
  key: string;
  text: string;
  persona: string | null;
  priority: string;
  basis: string;
  status: string;
  inMvp: boolean | null;
  maybe: boolean;
  evidence: number[];
}

/** Everything of a canvas that is not a feature: vision slots, goals, personas, constraints, questions, is/does lists. */
export interface InceptionItemRow {
  id: string;
  inceptionId: string;
  kind: string;
  position: number;
  text: string;
  evidence: number[];
}

export interface EpicRow {
  id: string;
  projectId: string;
  conversationId: string;
  key: string;
  title: string;
}

export interface StoryRow {
  id: string;
  epicId: string;
  projectId: string;
  conversationId: string;
  key: string;
  title: string;
  narrative: string;
  priority: string;
  points: number;
  evidence: number[];
  dependsOn: string[];
  /** Artifact of the whole StoryDraft: criteria, Gherkin, change set. */
  draftArtifact: string;
  hasChangeSet: boolean;
  /** `reverted`: it was merged, and a later task took it back. */
  status: 'proposed' | 'committed' | 'done' | 'reverted' | 'rejected' | 'removed' | 'taken';
  /** Why it left the backlog: the conversation dropped it, or a person took it. */
  removedBecause: string | null;
}

/** The backlog's view of a committed story. */
export interface FeatureRow {
  id: string;
  storyId: string;
  projectId: string;
  title: string;
  status: 'committed' | 'done' | 'reverted' | 'rejected';
}

/** One acceptance criterion and its proof. */
export interface FeatureTestRow {
  id: string;
  featureId: string;
  criterionId: string;
  text: string;
  state: 'proven' | 'unproven' | 'failed';
  test: string | null;
  headSha: string | null;
}

export interface SprintRow {
  id: string;
  projectId: string;
  number: number;
  goal: string;
  status: 'open' | 'closed';
  startsAt: string;
  /** When it should end. */
  endsAt: string;
  /** When a person ended it; this and what it came to are null until then. */
  closedAt: string | null;
  points: number | null;
  donePoints: number | null;
}

export interface StoryTaskRow {
  id: string;
  projectId: string;
  conversationId: string;
  storyId: string;
  sprintId: string;
  repoId: string;
  number: number;
  title: string;
  points: number;
  dependsOn: string[];
  requester: string;
  state: string;
  paused: boolean;
  /** Who holds the next step; null once the task has ended. */
  assigneeAgent: string | null;
  attempt: number;
  runId: string | null;
  branch: string | null;
  headSha: string | null;
  mergedSha: string | null;
  /** The merged task that this one takes back; null: it is a story's own. */
  reverts: string | null;
  /** The merged task that took this one back; null: it stands. */
  revertedBy: string | null;
  waitingKind: string | null;
  waitingWho: string | null;
  waitingText: string | null;
  createdAt: string;
  updatedAt: string;
  endedAt: string | null;
}

export interface GitBranchRow {
  id: string;
  repoId: string;
  taskId: string;
  name: string;
  baseSha: string;
  headSha: string;
  createdAt: string;
}

export interface GitCommitRow {
  id: string;
  branchId: string;
  sha: string;
  title: string;
  agent: string;
  at: string;
}

export interface PullRequestRow {
  id: string;
  taskId: string;
  repoId: string;
  number: number;
  url: string;
  state: 'open' | 'merged' | 'closed';
  baseSha: string;
  headSha: string;
  diffHash: string;
  bodyArtifact: string;
  openedAt: string;
  mergedSha: string | null;
  closedAt: string | null;
}

export interface ApprovalRow {
  id: string;
  taskId: string;
  pullRequestId: string;
  action: string;
  actor: string;
  byRequester: boolean;
  headSha: string;
  diffHash: string;
  grantedAt: string;
  expiresAt: string;
  state: 'granted' | 'used' | 'voided';
  reason: string | null;
}

/** One call to a model: what it may cost from the moment it is asked, what it did cost once it is answered. */
export interface ModelCallRow {
  id: string;
  projectId: string;
  conversationId: string;
  taskId: string | null;
  runId: string | null;
  attempt: number;
  step: string;
  /** What a step's budget counts: `<run>/<attempt>/<step>/<occasion>`, or `<conversation>/<step>/<occasion>`. */
  stepKey: string;
  persona: string;
  model: string;
  ordinal: number;
  /** UTC. */
  day: string;
  state: 'asked' | 'answered' | 'failed';
  inputTokens: number;
  cachedTokens: number;
  outputTokens: number;
  /** What budgets count: the reserve until it is answered, then what it was. */
  countedTokens: number;
  /** Millionths of a US dollar. */
  countedMicroUsd: number;
  /** Tools that the answer asked for. */
  toolCalls: number;
  /** Spent on tools since the call before. */
  toolMs: number;
  latencyMs: number;
  finish: string | null;
  requestArtifact: string;
  answerArtifact: string | null;
  askedAt: string;
  answeredAt: string | null;
}

/** A person's yes to as much again. */
export interface BudgetRaiseRow {
  id: string;
  scope: 'step' | 'task' | 'day';
  key: string;
  actor: string;
  at: string;
}

/** Whether people let a model read what is said in a project or a conversation. Absent: yes, where one is set up. */
export interface ModelSwitchRow {
  /** `project:<id>` or `conversation:<id>`. */
  id: string;
  allowed: boolean;
  actor: string;
  at: string;
}

/** A channel of a surface that a project works in. */
export interface ProjectChannelRow {
  /** `slack/T1/C1`. */
  id: string;
  projectId: string;
  surface: string;
  team: string;
  channel: string;
  name: string;
  /** `mentions`: it starts when it is called; `all`: each new message in the channel is an idea. */
  listen: 'mentions' | 'all';
  boundAt: string;
}

/** The thread of a surface that a conversation belongs to, for good. */
export interface ChatThreadRow {
  /** `slack/T1/C1/1700000000.000100`. */
  id: string;
  conversationId: string;
  surface: string;
  team: string;
  channel: string;
  root: string;
}

/** An account of a forge and the person whose it is; nobody has two there, and no two people one. */
export interface LinkedAccountRow {
  /** `github/slack:U0123ABCD`. */
  id: string;
  forge: string;
  person: string;
  login: string;
  /** The forge's id of it, which stays when it is renamed. */
  accountId: string;
  linkedAt: string;
}

export function linkedAccountId({ forge, person }: Pick<LinkedAccountRow, 'forge' | 'person'>): string {
  return `${forge}/${person}`;
}

/** Table name to row. */
export interface Rows {
  projects: ProjectRow;
  git_repos: GitRepoRow;
  inceptions: InceptionRow;
  inception_features: InceptionFeatureRow;
  inception_items: InceptionItemRow;
  epics: EpicRow;
  stories: StoryRow;
  features: FeatureRow;
  feature_tests: FeatureTestRow;
  sprints: SprintRow;
  story_tasks: StoryTaskRow;
  work_runs: WorkRunRow;
  task_runs: TaskRunRow;
  qa_runs: QaRunRow;
  git_branches: GitBranchRow;
  git_commits: GitCommitRow;
  pull_requests: PullRequestRow;
  approvals: ApprovalRow;
  model_calls: ModelCallRow;
  budget_raises: BudgetRaiseRow;
  model_switches: ModelSwitchRow;
  project_channels: ProjectChannelRow;
  chat_threads: ChatThreadRow;
  linked_accounts: LinkedAccountRow;
  lessons: LessonRow;
  lesson_uses: LessonUseRow;
  retrospectives: RetrospectiveRow;
  incidents: IncidentRow;
}

export type ProjectionTable = keyof Rows;

/** One change to one projection table, as data. `replace` deletes every row whose `where` columns match, then inserts. */
export type RowChange = { [T in ProjectionTable]: InsertRow<T> | UpdateRow<T> | ReplaceRows<T> }[ProjectionTable];

export interface InsertRow<T extends ProjectionTable> {
  op: 'insert';
  table: T;
  row: Rows[T];
}

export interface UpdateRow<T extends ProjectionTable> {
  op: 'update';
  table: T;
  id: string;
  set: Partial<Rows[T]>;
}

export interface ReplaceRows<T extends ProjectionTable> {
  op: 'replace';
  table: T;
  where: Partial<Rows[T]>;
  rows: Rows[T][];
}

export const insert = <T extends ProjectionTable>(table: T, row: Rows[T]): InsertRow<T> => ({
  op: 'insert',
  table,
  row,
});
export const update = <T extends ProjectionTable>(table: T, id: string, set: Partial<Rows[T]>): UpdateRow<T> => ({
  op: 'update',
  table,
  id,
  set,
});
export const replace = <T extends ProjectionTable>(
  table: T,
  where: Partial<Rows[T]>,
  rows: Rows[T][],
): ReplaceRows<T> => ({ op: 'replace', table, where, rows });
