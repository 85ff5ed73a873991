import { createHash } from 'node:crypto';
import type { RecordedEvent } from './event.ts';

/** What the first event's `prevHash` is. */
export const GENESIS_HASH = createHash('sha256').update('genesis').digest('hex');

/** Length-prefixed fields, so that no two different lists of fields have the same bytes. `null` is `-1:`. */
function encodeFields(fields: readonly (string | null)[]): string {
  return fields.map((field) => (field === null ? '-1:' : `${Buffer.byteLength(field, 'utf8')}:${field}`)).join('');
}

export type HashedEvent = Omit<RecordedEvent, 'body' | 'hash' | 'type'> & { type: string };

/**
 * The hash of an event: sha256 over the previous hash's 32 bytes and every field, in this order. The database function
 * `ledger_append` computes the same; two implementations check each other.
 */
export function hashEvent(event: HashedEvent): string {
  const fields = [
    String(event.seq),
    event.stream,
    String(event.position),
    event.type,
    String(event.version),
    event.actor,
    event.agent,
    event.taskId,
    event.runId,
    event.artifact,
    event.cause,
    event.idempotencyKey,
    event.at,
    event.bodyText,
  ];
  return createHash('sha256')
    .update(Buffer.from(event.prevHash, 'hex'))
    .update(encodeFields(fields), 'utf8')
    .digest('hex');
}

export interface ChainFault {
  seq: number;
  reason: string;
}

/** Checks events one by one in order; remembers only the last hash. */
export class ChainVerifier {
  #seq = 0;
  #hash = GENESIS_HASH;

  get head(): { seq: number; hash: string } {
    return { seq: this.#seq, hash: this.#hash };
  }

  /** Returns the fault of this event, or null. After a fault do not go on. */
  check(event: HashedEvent & { hash: string }): ChainFault | null {
    const expected = this.#seq + 1;
    if (event.seq !== expected)
      return { seq: expected, reason: `event ${expected} is missing; ${event.seq} came instead` };
    if (event.prevHash !== this.#hash) return { seq: event.seq, reason: 'its link to the event before does not match' };
    if (event.hash !== hashEvent(event)) return { seq: event.seq, reason: 'its content does not match its hash' };
    this.#seq = event.seq;
    this.#hash = event.hash;
    return null;
  }
}
