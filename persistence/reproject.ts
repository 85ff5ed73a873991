import { contentOf } from '#src/ledger/artifact.ts';
import { type FoldedTables, LedgerFold } from '#src/ledger/replay.ts';
import type { RowChange } from '#src/ledger/rows.ts';
import { createArtifactStore } from './artifact-store.ts';
import { streamMoved } from './database-error.ts';
import { createLedgerReader } from './ledger-reader.ts';
import type { EntityManager } from './orm.ts';
import { runSql } from './sql.ts';
import { writeRows } from './write-rows.ts';
import { entityOf } from './table-reader.ts';
import type { FilterQuery } from '@mikro-orm/core';
import type { FoldedTable } from '#src/ledger/folded-table.ts';
import type { Rows } from '#src/ledger/rows.ts';

/** Events folded at a time. */
const EVENT_BATCH = 1_000;

/**
 * Brings the projection tables along when artifacts lost their content (`gone`) or have it again (`returned`): the
 * ledger is folded with the content as it was and as it is, and where the two differ the rows are changed. Rows that
 * somebody changed by hand stay as they are, for `replay --verify` to find.
 *
 * Both are rare, so this may take its time. Runs inside a transaction, before the content goes or after it came back.
 * Throws FactoryError `stream-moved` (retryable) when something was appended meanwhile.
 */
export async function reproject(
  em: EntityManager,
  { gone = new Set(), returned = new Set() }: { gone?: ReadonlySet<string>; returned?: ReadonlySet<string> },
): Promise<void> {
  const ledger = createLedgerReader(() => em);
  const artifacts = createArtifactStore(() => em);
  const before = new LedgerFold();
  const after = new LedgerFold();
  let seq = 0;
  for (;;) {
    const events = await ledger.read(seq, EVENT_BATCH);
    const contents = await artifacts.getAll(events.flatMap(({ artifact }) => artifact ?? []));
    for (const event of events) {
      const artifact = event.artifact === null ? undefined : contents.get(event.artifact);
      const content = artifact === undefined || artifact === 'erased' ? undefined : contentOf(artifact);
      before.apply(event, returned.has(event.artifact ?? '') ? undefined : content);
      after.apply(event, gone.has(event.artifact ?? '') ? undefined : content);
      seq = event.seq;
    }
    if (events.length < EVENT_BATCH) break;
  }
  await applyDelta(em, before.tables, after.tables);
  const [head] = await runSql<{ seq: string }>(em, 'SELECT seq FROM ledger_head FOR UPDATE');
  if (Number(head?.seq) !== seq) throw streamMoved('something was recorded while rows were written anew');
}

async function applyDelta(em: EntityManager, before: FoldedTables, after: FoldedTables): Promise<void> {
  for (const table of new Set([...before.keys(), ...after.keys()])) {
    const old = before.get(table)?.rows ?? new Map<string, never>();
    const now = after.get(table)?.rows ?? new Map<string, never>();
    const goneIds = [...old.keys()].filter((id) => !now.has(id));
    if (goneIds.length > 0)
      await em.nativeDelete(entityOf(table), { id: { $in: goneIds } } as FilterQuery<{ id: string }>);
    const changes: RowChange[] = [];
    for (const [id, row] of now) {
      const earlier = old.get(id);
      if (earlier === undefined) changes.push({ op: 'insert', table, row } as RowChange);
      else changes.push(...changedColumns(table, id, earlier, row));
    }
    await writeRows(em, changes);
  }
}

type AnyRow = FoldedTable['rows'] extends Map<string, infer Row> ? Row : never;

function changedColumns(table: keyof Rows, id: string, earlier: AnyRow, row: AnyRow): RowChange[] {
  const was = new Map(Object.entries(earlier));
  const set = Object.entries(row).filter(
    ([column, value]) => JSON.stringify(was.get(column)) !== JSON.stringify(value),
  );
  return set.length === 0 ? [] : [{ op: 'update', table, id, set: Object.fromEntries(set) } as RowChange];
}
