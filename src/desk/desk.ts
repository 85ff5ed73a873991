import type { FileSource } from '#src/intake/file-source.ts';
import type { DeskAnswer, Message, Post, Press, ThreadRef } from '#src/ports/chat.ts';
import type { RepositoryFacts } from '#src/ports/workspace.ts';

/** The front desk: everything that people can see and do, for any surface. Text for refusals is made for people. */
export interface Desk {
  /** The rail: what waits for me, projects, threads, the sprint. */
  overview(actor: string): Promise<Overview>;
  project(projectId: string): Promise<ProjectView | null>;
  thread(thread: ThreadRef): Promise<ThreadView | null>;
  /** The sentence and speaker behind an item. */
  why(conversationId: string, positions: readonly number[]): Promise<WhyView[]>;
  /** The whole change of a task as a unified diff, with its facts. */
  diff(taskId: string): Promise<DiffView | null>;
  /** One run as a story: steps, packets, checks, artifacts. */
  run(taskId: string): Promise<RunView | null>;
  /** The end of the ledger and whether its chain holds. */
  ledger(limit: number): Promise<LedgerView>;

  createProject(actor: string, name: string): Promise<{ projectId: string }>;
  /** Looks at a repository and, when it will do, binds the project to it. FactoryError when not. */
  bindRepository(actor: string, projectId: string, path: string, base: string | null): Promise<RepositoryFacts>;
  /** The project that works on this repository, else a new one. FactoryError when it will not do; then nothing is made. */
  openProject(actor: string, repository: string | null): Promise<{ projectId: string }>;
  /**
   * Takes in an export or a pasted transcript: each conversation becomes an idea thread. A project that is made for it
   * is asked for once there is something to put in.
   */
  importFile(actor: string, project: string | (() => Promise<string>), file: FileSource): Promise<ImportView>;
  /** Starts an idea thread from a person's first words. */
  startIdea(actor: string, projectId: string, text: string, originId: string): Promise<{ conversationId: string }>;
  say(message: Message): Promise<DeskAnswer>;
  press(press: Press): Promise<DeskAnswer>;
  /** Makes the sample project: a bundled conversation and a small repository made on the spot. */
  trySample(actor: string): Promise<{ projectId: string; conversationId: string }>;
  /** Live state of each thing that the factory stands on. */
  doctor(): Promise<CheckView[]>;
  /** Calls `listener` after posts changed; returns the way to stop. */
  onPosts(listener: (posts: readonly Post[]) => void): () => void;
}

export interface Overview {
  waiting: { text: string; thread: ThreadRef; since: string }[];
  projects: ProjectSummary[];
}

export interface ProjectSummary {
  id: string;
  name: string;
  /** Something in it moved lately or waits. */
  active: boolean;
  repository: { path: string; baseBranch: string } | null;
}

export interface ProjectView extends ProjectSummary {
  ideas: { conversationId: string; title: string; messageCount: number; at: string }[];
  tasks: {
    taskId: string;
    conversationId: string;
    number: number;
    title: string;
    state: string;
    paused: boolean;
    waitingText: string | null;
  }[];
  sprint: { number: number; goal: string; daysLeft: number; points: number; donePoints: number } | null;
}

export interface ThreadView {
  thread: ThreadRef;
  title: string;
  projectId: string;
  /** For an idea: what people and assistants said before the factory joined, oldest first (first and last ones when long). */
  conversation: { position: number; speaker: string; role: 'person' | 'assistant'; at: string | null; text: string }[];
  omittedMessages: number;
  posts: Post[];
  /** Task threads: the idea that the task came from. */
  idea: ThreadRef | null;
}

export interface WhyView {
  position: number;
  speaker: string;
  at: string | null;
  text: string;
}

export interface DiffView {
  taskId: string;
  title: string;
  baseSha: string;
  headSha: string;
  diffHash: string;
  /** Unified diff. */
  text: string;
  truncated: boolean;
  /** What to look at first, in words. */
  lookAt: string[];
}

export interface RunView {
  taskId: string;
  number: number;
  title: string;
  state: string;
  steps: {
    step: string;
    agent: string;
    attempt: number;
    startedAt: string;
    durationMs: number;
    result: string;
    artifact: { hash: string; kind: string; text: string } | null;
  }[];
  artifacts: { kind: string; hash: string; text: string }[];
  events: { seq: number; type: string; actor: string; at: string }[];
}

export interface LedgerView {
  events: number;
  verified: boolean;
  head: { seq: number; hash: string };
  recent: { seq: number; type: string; actor: string; at: string; taskId: string | null }[];
}

export interface ImportView {
  conversations: {
    id: string;
    title: string;
    messageCount: number;
    skipped: { kind: string; count: number; reason: string }[];
  }[];
  problems: { file: string; reason: string }[];
}

export interface CheckView {
  name: string;
  state: 'ok' | 'warning' | 'missing';
  detail: string;
  /** What to do, or null. */
  fix: string | null;
}
