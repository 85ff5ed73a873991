import type { PersonaName } from './personas.ts';

/**
 * Chat, described once and neutrally; each surface draws it as natively as it can.
 * A *thread* is where posts stand: an idea thread (a conversation), a task's own thread, or a project's channel.
 * A *post* is one message; a *card* is what it says; a *press* is a person using one of its buttons.
 */
export interface ThreadRef {
  kind: 'project' | 'idea' | 'task';
  /** Project, conversation or task id. */
  id: string;
}

export type Author =
  | { kind: 'persona'; name: PersonaName }
  | { kind: 'person'; name: string }
  | { kind: 'factory'; name: 'Workbench' };

export interface PostDraft {
  /** Unique. Posting the same key again edits the post in place. */
  key: string;
  thread: ThreadRef;
  author: Author;
  card: Card;
  /** People whose answer is awaited; mentioned once, when the post is first made. */
  mentions: string[];
}

export interface Post extends PostDraft {
  id: string;
  /** 1 when first posted; every edit adds one. A press names the version that the person saw. */
  version: number;
  postedAt: string;
  editedAt: string | null;
}

export interface Card {
  kind:
    | 'message'
    | 'canvas'
    | 'stories'
    | 'sprint'
    | 'status'
    | 'packet'
    | 'review'
    | 'outcome'
    | 'question'
    | 'notice';
  /** One sentence: what it is and what is asked. Plain text; `code` and **bold** only. */
  lead: string;
  tone: 'plain' | 'good' | 'waiting' | 'bad';
  blocks: CardBlock[];
  /** At most one is primary. What asks is gone once decided, and `outcome` says what happened; what undoes it may stay. */
  actions: CardAction[];
  /** One line that took the place of the buttons: who, when, what. */
  outcome: string | null;
}

export type CardBlock =
  | { type: 'text'; text: string }
  /** `url`: an `https:` or `http:` address of the forge that the value leads to; never one that somebody wrote. */
  | { type: 'facts'; facts: { label: string; value: string; tone?: 'good' | 'bad' | 'plain'; url?: string }[] }
  | { type: 'list'; title: string | null; items: CardListItem[] }
  | {
      type: 'steps';
      steps: {
        label: string;
        state: 'done' | 'now' | 'todo' | 'failed';
        sinceAt: string | null;
        tookMs: number | null;
      }[];
    }
  | { type: 'code'; path: string | null; language: string | null; text: string }
  /** `more`: files of the change beside these. */
  | { type: 'diff'; taskId: string; files: { path: string; added: number; removed: number }[]; more?: number }
  | { type: 'fold'; summary: string; blocks: CardBlock[] }
  | { type: 'quote'; speaker: string; at: string | null; text: string };

export interface CardListItem {
  mark: 'done' | 'open' | 'failed' | 'question' | 'none';
  text: string;
  detail: string | null;
  /** Asks "why is this here?": the messages behind it. */
  why: WhyRef | null;
  /** Leads to another thread. */
  thread: ThreadRef | null;
  actions: CardAction[];
}

export interface WhyRef {
  conversationId: string;
  positions: number[];
}

/** A button. What it does and to what is kept with the post; a press only names it. */
export interface CardAction {
  /** Unique within its card. */
  name: string;
  label: string;
  style: 'primary' | 'plain' | 'danger';
  /** Asked once more in place before it acts. */
  confirm: string | null;
  /** A line of text that the person adds; null: none. `value`: words that stand there already, to be changed. */
  input: { label: string; required: boolean; value?: string; choices?: CardChoice[] } | null;
  command: DeskCommand;
}

/** One of several, chosen beside the words. The first option is the usual one. */
export interface CardChoice {
  name: string;
  label: string;
  options: { value: string; text: string }[];
}

/** What people can ask for. Facts that bind a decision (SHA, hash) ride inside, as the person saw them. */
export type DeskCommand =
  | { type: 'commit-stories'; conversationId: string; storyIds: string[] }
  | { type: 'take-story'; conversationId: string; storyId: string }
  | { type: 'judge-feature'; conversationId: string; featureKey: string; verdict: 'kept' | 'dropped' }
  | { type: 'edit-canvas'; conversationId: string }
  | { type: 'approve'; taskId: string; headSha: string; diffHash: string }
  | { type: 'request-changes'; taskId: string }
  | { type: 'reject'; taskId: string }
  | { type: 'revert'; taskId: string }
  | { type: 'retry'; taskId: string }
  | { type: 'pause'; taskId: string }
  | { type: 'resume'; taskId: string }
  | { type: 'stop'; taskId: string }
  | { type: 'take-over'; taskId: string }
  | { type: 'hand-back'; taskId: string }
  | { type: 'raise-budget'; taskId: string; scope: 'step' | 'task' | 'day'; key: string }
  | { type: 'decide-lesson'; lessonId: string; decision: 'accept' | 'decline' | 'edit' | 'retire' | 'keep' }
  | { type: 'close-incident'; incidentId: string }
  | { type: 'snooze'; postId: string; reminder: number }
  | { type: 'sprint-status'; projectId: string }
  | { type: 'close-sprint'; projectId: string; sprintId: string }
  | { type: 'backlog'; projectId: string };

/** What a surface hands to the desk. */
export interface Message {
  actor: string;
  /** What people call them, where the actor is an id. */
  speaker?: string;
  thread: ThreadRef;
  text: string;
  /** The surface's own id of it; taken in at most once. */
  originId: string;
  at: string;
}

export interface Press {
  actor: string;
  postId: string;
  postVersion: number;
  action: string;
  input: string | null;
  /** Values by the name of their choice. */
  chosen?: Readonly<Record<string, string>>;
}

/** A post and the thread that it stands in. */
export interface PostRef {
  thread: ThreadRef;
  postId: string;
}

/**
 * Refusals and errors go to the one person who asked. `by`: the persona whom they spoke to answers. `at`: the post that
 * the answer is about; a surface leads there where it has it. `later`: what the same person is told besides once it is
 * known; null: nothing after all. It does not reject.
 */
export type DeskAnswer =
  | { ok: true; text: string | null; by?: PersonaName; at?: PostRef; later?: Promise<string | null> }
  | { ok: false; text: string };

/** Keeps posts; every surface reads what it shows from here. */
export interface PostStore {
  thread(thread: ThreadRef): Promise<Post[]>;
  get(postId: string): Promise<Post | null>;
  /** Mirrors the ledger: keeps the drafts and moves the cursor in one transaction. Returns what changed. */
  mirrored(cursor: { name: string; from: number; to: number }, drafts: readonly PostDraft[]): Promise<Post[]>;
  cursor(name: string): Promise<number>;
  /** A person's own message, at most once by key. */
  say(draft: PostDraft): Promise<Post>;
  /** Puts another card in the place of the one there; null when there is no such post, or it says that already. */
  rewrite(key: string, card: Card): Promise<Post | null>;
}
