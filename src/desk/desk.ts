import type { Place, PlaceThread } from '#src/ledger/place.ts';
import type { ProjectChannelRow } from '#src/ledger/rows.ts';
import type { Skipped } from '#src/ports/conversation.ts';
import type { FileSource } from '#src/intake/file-source.ts';
import type { DeskAnswer, Message, Post, Press, ThreadRef } from '#src/ports/chat.ts';
import type { RepositoryFacts } from '#src/ports/workspace.ts';
import type { LinkWord } from './link-words.ts';
import type { HaltWord } from './halt-words.ts';
import type { ThreadWords } from './threads.ts';
import type { Cost } from './cards/cost-words.ts';

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
  /** What a project learned, how its weeks went, or what is not well. */
  reflection(projectId: string, page: ReflectionPage): Promise<ReflectionView | null>;

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

/** What surfaces outside of the room need besides. */
export interface SurfaceDesk extends Desk {
  /** The project that works in a channel of a surface, and how it listens there. */
  channel(place: Place): Promise<ProjectChannelRow | null>;
  /** FactoryError `no-such-project`. */
  bindChannel(
    actor: string,
    place: Place,
    bound: Pick<ProjectChannelRow, 'projectId' | 'name' | 'listen'>,
  ): Promise<void>;
  unbindChannel(actor: string, place: Place): Promise<void>;
  /** Whether people switched the model off for a project. */
  isModelOff(projectId: string): Promise<boolean>;
  /** What hangs under a message of a surface; null: nothing of ours. */
  threadAt(thread: PlaceThread): Promise<ThreadRef | null>;
  /** Takes a thread of a surface in as an idea, with what was said in it so far. Again: adds and changes what is new. */
  joinThread(
    actor: string,
    thread: PlaceThread,
    projectId: string,
    words: readonly ThreadWords[],
    skipped?: Skipped[],
  ): Promise<{ conversationId: string }>;
  /**
   * Commits, in the name of `actor`, the stories of an idea that the project lets begin by themselves, by the `rung` of
   * its base branch. Answers how many; FactoryError where those rules cannot be read.
   */
  beginStories(actor: string, conversationId: string): Promise<number>;
  /** The surface's own Stop: at once what runs in a task's thread, or in an idea's. The answer says what was stopped. */
  stop(actor: string, thread: ThreadRef): Promise<DeskAnswer>;
  /**
   * Halts all work at once, or lets it go on, which only an approver may. Where it was said needs no project. `originId`:
   * of the words that asked; the same ones count once.
   */
  controlAll(actor: string, word: HaltWord, originId: string): Promise<DeskAnswer>;
  /** Links the account on GitHub of whoever asks, or ends that. Where it was said needs no project; the answer is theirs alone. */
  linkAccount(actor: string, word: LinkWord): Promise<DeskAnswer>;
  /** A person changed what they said, or took it back (null). */
  changeWords(actor: string, thread: ThreadRef, originId: string, text: string | null): Promise<void>;
  /**
   * Erases the words of a conversation and of its tasks, where `actor` began it or is an approver. FactoryError
   * `may-not-forget` or `still-worked-on`.
   */
  forget(actor: string, conversationId: string): Promise<void>;
  /** Whether `APPROVERS` names them now, in person or by a group. `note`: a group that could not be read. */
  isApprover(actor: string): Promise<{ ok: boolean; note: string | null }>;
}

export interface Overview {
  /** What waits for the person who looks stands first. */
  waiting: WaitingItem[];
  projects: ProjectSummary[];
  /** Left out: the factory is not halted. */
  halt?: HaltView;
}

/** A halt that stands: nothing works until an approver resumes it. */
export interface HaltView {
  by: string;
  at: string;
  /** In the words of whoever halted it. */
  reason: string | null;
}

export interface WaitingItem {
  text: string;
  thread: ThreadRef;
  since: string;
  /** It waits for the person who looks. */
  isMine: boolean;
  /** Everybody whom it waits for, by name; groups among them. */
  whom: string[];
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
    waitingKind: string | null;
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
  paused: boolean;
  waitingKind: string | null;
  /** Of the whole task. */
  cost: Cost;
  steps: {
    step: string;
    agent: string;
    attempt: number;
    startedAt: string;
    durationMs: number;
    result: string;
    /** The packet that it handed on. */
    artifact: ArtifactView | null;
    /** Hash of what the persona was given to think with; it stands among the artifacts. */
    pack: string | null;
    /** null: no model was asked. */
    cost: Cost | null;
  }[];
  artifacts: ArtifactView[];
  /** Its latest run as a story, a line an event. `says`: what the task was from then on. */
  beats: { seq: number; at: string; who: string; text: string; says: string; workMs: number | null }[];
  events: { seq: number; type: string; actor: string; at: string }[];
}

export interface ArtifactView {
  hash: string;
  kind: string;
  /** For people: JSON is laid out, and a context pack is told as an account. */
  text: string;
}

export interface LedgerView {
  events: number;
  verified: boolean;
  head: { seq: number; hash: string };
  recent: { seq: number; type: string; actor: string; at: string; taskId: string | null }[];
}

export type ReflectionPage = 'lessons' | 'retrospectives' | 'incidents';

export interface ReflectionView {
  /** Of the project. */
  name: string;
  /** As they are read, from top to bottom; none is empty. `title` null: there is one group only. */
  groups: { title: string | null; posts: Post[] }[];
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
