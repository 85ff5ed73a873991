import type { EventBodies, EventType } from './event-types.ts';

/** A fact that a stage wants recorded. Bodies hold ids, hashes and facts, never message text or file contents. */
export interface EventDraft<T extends EventType = EventType> {
  type: T;
  body: EventBodies[T];
  /** A person's id, `persona:<name>` or `factory`. */
  actor: string;
  agent: string | null;
  taskId: string | null;
  runId: string | null;
  /** Hash of the artifact that the fact rests on, or null. */
  artifact: string | null;
  /** `seq` of the event, or id of the delivery, that led to this one. */
  cause: string | null;
  /** A second append to the same stream with the same key has no effect; with other content it is refused. */
  idempotencyKey: string | null;
  /** ISO 8601 UTC with milliseconds, from the clock port. */
  at: string;
}

/** The same fact as the ledger has it. */
export interface RecordedEvent<T extends EventType = EventType> extends EventDraft<T> {
  /** 1, 2, 3 … without a gap. */
  seq: number;
  stream: string;
  /** 1, 2, 3 … within its stream. */
  position: number;
  version: number;
  /** The body's bytes, as hashed. */
  bodyText: string;
  /** sha256, hex. */
  prevHash: string;
  hash: string;
}

/** Narrows a recorded event by its type. */
export function isEvent<T extends EventType>(event: RecordedEvent, type: T): event is RecordedEvent & RecordedEvent<T> {
  return (event.type as EventType) === type;
}
