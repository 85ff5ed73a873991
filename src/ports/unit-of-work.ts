import type { Artifact } from '#src/ledger/artifact.ts';
import type { EventDraft, RecordedEvent } from '#src/ledger/event.ts';
import type { ProjectionTable, Rows } from '#src/ledger/rows.ts';
import type { Conversation } from '#src/ports/conversation.ts';

/**
 * What the factory remembers. Terms: a *stream* is the events of one thing (`task:<id>`, `project:<id>`); a
 * *projection* is a table that the events rebuild; the *outbox* is work that must happen because of a commit; the
 * *inbox* holds deliveries from outside, each once.
 */
export interface UnitOfWork {
  /**
   * Runs `work` and commits everything that it queued in one transaction: artifacts, projected rows, outbox rows, and
   * as the last statement one ledger append. When a stream moved meanwhile, throws FactoryError `stream-moved`
   * (retryable) and nothing is kept.
   */
  transact<T>(work: (transaction: Transaction) => Promise<T>): Promise<T>;
  /**
   * Runs `work` while no other process runs under the same key. The lock goes when the process dies. `ran: false`
   * at once when someone else has it.
   */
  withLock<T>(key: string, work: () => Promise<T>): Promise<{ ran: true; value: T } | { ran: false }>;
  readonly ledger: LedgerReader;
  readonly artifacts: ArtifactReader;
  readonly tables: TableReader;
  readonly conversations: ConversationStore;
  readonly inbox: Inbox;
  readonly outbox: Outbox;
}

export interface Transaction {
  /** The stream's events so far, in order; includes what this transaction queued. */
  events(stream: string): Promise<RecordedEvent[]>;
  /** Queues events. `expectedPosition` is the stream's length when it was read. */
  append(stream: string, expectedPosition: number, events: readonly EventDraft[]): void;
  putArtifact(artifact: Artifact): void;
  /** Queues a wake of a task for the workers of `lane`. */
  wake(lane: string, taskId: string): void;
  /** Keeps a conversation's messages (all of them; earlier ones of the same id are replaced when they differ). */
  saveConversation(conversation: KeptConversation): void;
  readonly tables: TableReader;
}

export interface KeptConversation extends Conversation {
  projectId: string;
  /** sha256 of the imported file, or null for live chat. */
  fileHash: string | null;
}

export interface LedgerReader {
  /** Events with `seq` over `afterSeq`, in order, at most `limit`. */
  read(afterSeq: number, limit: number): Promise<RecordedEvent[]>;
  stream(stream: string): Promise<RecordedEvent[]>;
  head(): Promise<{ seq: number; hash: string }>;
}

export interface ArtifactReader {
  /** null when it was erased or never was. */
  get(hash: string): Promise<Artifact | null>;
}

/** Reads projections. Every condition must hold; a list means any of. Sorted by `orderBy`, then by id. */
export interface TableReader {
  find<T extends ProjectionTable>(
    table: T,
    where: Where<Rows[T]>,
    options?: { orderBy?: (keyof Rows[T] & string) | `-${keyof Rows[T] & string}`; limit?: number },
  ): Promise<Rows[T][]>;
  get<T extends ProjectionTable>(table: T, id: string): Promise<Rows[T] | null>;
  /** Sums of columns that hold numbers over the rows that match; 0 where none does. */
  sum<T extends ProjectionTable, C extends NumberColumn<Rows[T]>>(
    table: T,
    columns: readonly C[],
    where: Where<Rows[T]>,
  ): Promise<Record<C, number>>;
}

export type NumberColumn<Row> = { [K in keyof Row & string]: Row[K] extends number ? K : never }[keyof Row & string];

export type Where<Row> = { [K in keyof Row]?: Row[K] | readonly Row[K][] };

export interface ConversationStore {
  get(id: string): Promise<KeptConversation | null>;
  /** By what it was imported from. */
  findByFile(fileHash: string): Promise<{ id: string; title: string; projectId: string }[]>;
  list(
    projectId: string,
  ): Promise<{ id: string; title: string; source: string; messageCount: number; createdAt: string }[]>;
  /** Erases the words; ids, counts and hashes stay. */
  forget(id: string): Promise<void>;
}

export interface Delivery {
  /** Unique: surface, app and event id. */
  key: string;
  surface: string;
  /** The raw delivery as it came. */
  payload: string;
  receivedAt: string;
}

export interface Inbox {
  /** Durable once it returns. */
  accept(delivery: Delivery): Promise<'accepted' | 'duplicate'>;
  /** Of one surface, oldest first: accepted and not yet done. */
  pending(surface: string, limit: number): Promise<Delivery[]>;
  done(key: string): Promise<void>;
}

export interface OutboxWake {
  id: string;
  lane: string;
  taskId: string;
}

export interface Outbox {
  /** Wakes of one lane that no queue has taken yet, oldest first. */
  pending(lane: string, limit: number): Promise<OutboxWake[]>;
  sent(ids: readonly string[]): Promise<void>;
}
