import type { RecordedEvent } from '#src/ledger/event.ts';
import { requireWholeStream } from '#src/ledger/ledger-gap.ts';
import { type StoredEvent, upcast } from '#src/ledger/upcast.ts';
import type { LedgerReader } from '#src/ports/unit-of-work.ts';
import type { EntityManager } from './orm.ts';
import { runSql } from './sql.ts';

/** The ledger's reader, which can also hand out events as they stand in the table, whatever they mean. */
export interface StoredLedgerReader extends LedgerReader {
  readStored(afterSeq: number, limit: number): Promise<StoredEvent[]>;
}

const columns = `seq, stream, position, type, version, actor, agent, task_id AS "taskId", run_id AS "runId", artifact, cause,
  idempotency_key AS "idempotencyKey", at, body AS "bodyText", prev_hash AS "prevHash", hash`;

/** `em` is asked for each read, so that the reader can serve inside and outside a transaction. */
export function createLedgerReader(em: () => EntityManager): StoredLedgerReader {
  const select = async (rest: string, parameters: unknown[]): Promise<StoredEvent[]> => {
    const rows = await runSql<StoredEvent>(em(), `SELECT ${columns} FROM ledger ${rest}`, parameters);
    // A bigint arrives as text.
    return rows.map((row) => ({ ...row, seq: Number(row.seq) }));
  };
  const readStored = (afterSeq: number, limit: number) =>
    select('WHERE seq > $1 ORDER BY seq LIMIT $2', [afterSeq, limit]);
  return {
    readStored,
    async read(afterSeq, limit): Promise<RecordedEvent[]> {
      return (await readStored(afterSeq, limit)).map((stored) => upcast(stored));
    },
    async stream(stream): Promise<RecordedEvent[]> {
      const stored = await select('WHERE stream = $1 ORDER BY position', [stream]);
      requireWholeStream(stream, stored);
      return stored.map((event) => upcast(event));
    },
    async head() {
      const [head] = await runSql<{ seq: string; hash: string }>(em(), 'SELECT seq, hash FROM ledger_head');
      return { seq: Number(head?.seq ?? 0), hash: head?.hash ?? '' };
    },
  };
}
