import { createHash } from 'node:crypto';
import { FactoryError } from '#src/errors.ts';
import type { Artifact } from '#src/ledger/artifact.ts';
import type { RecordedEvent } from '#src/ledger/event.ts';
import { isStorable } from '#src/ledger/storable.ts';
import type { KeptConversation, LedgerReader, TableReader, Transaction } from '#src/ports/unit-of-work.ts';
import { streamMoved } from './database-error.ts';
import { checkEvent } from './event-check.ts';
import type { QueuedWake } from './outbox.ts';

/** What a unit of work has queued so far; written in one database transaction when it is done. */
export interface Queued {
  /** In the order of their queueing. `seq`, `prevHash` and `hash` are given by the append. */
  events: RecordedEvent[];
  artifacts: Map<string, Artifact>;
  conversations: Map<string, KeptConversation>;
  wakes: Map<string, QueuedWake>;
}

/**
 * Reads see what is committed; `events` also what was queued here. A stream is read once, so its events do not change
 * under `work`. No database transaction is open while `work` runs: a stream that moved is found at the end.
 */
export function createTransaction(readers: { ledger: LedgerReader; tables: TableReader }): {
  transaction: Transaction;
  queued: Queued;
} {
  const queued: Queued = { events: [], artifacts: new Map(), conversations: new Map(), wakes: new Map() };
  const read = new Map<string, Promise<RecordedEvent[]>>();
  const lengths = new Map<string, number>();

  const transaction: Transaction = {
    tables: readers.tables,
    async events(stream) {
      let recorded = read.get(stream);
      if (recorded === undefined) {
        recorded = readers.ledger.stream(stream);
        read.set(stream, recorded);
      }
      return [...(await recorded), ...queued.events.filter((event) => event.stream === stream)];
    },
    append(stream, expectedPosition, events) {
      const length = lengths.get(stream) ?? expectedPosition;
      if (length !== expectedPosition) {
        throw streamMoved(`${stream} has ${length} events with those queued here, not ${expectedPosition}`);
      }
      const checked = events.map((draft, index): RecordedEvent => {
        const position = expectedPosition + index + 1;
        return { ...draft, ...checkEvent(stream, draft), stream, position, seq: 0, prevHash: '', hash: '' };
      });
      queued.events.push(...checked);
      lengths.set(stream, length + checked.length);
    },
    putArtifact(artifact) {
      checkArtifact(artifact);
      queued.artifacts.set(artifact.hash, artifact);
    },
    wake(lane, taskId) {
      queued.wakes.set(JSON.stringify([lane, taskId]), { lane, taskId });
    },
    saveConversation(conversation) {
      queued.conversations.set(conversation.id, conversation);
    },
  };
  return { transaction, queued };
}

function checkArtifact({ hash, kind, content }: Artifact): void {
  const reason = !isStorable(content)
    ? 'holds a character that no database text can hold'
    : createHash('sha256').update(content, 'utf8').digest('hex') === hash
      ? null
      : 'does not have the hash that it names';
  if (reason === null) return;
  throw new FactoryError('artifact-invalid', `A ${kind} cannot be kept: its content ${reason}.`, {
    fix: 'This is a fault of the workbench: report it with the log of this run.',
    isOwnFault: true,
  });
}
