import type { FilterQuery, RequiredEntityData } from '@mikro-orm/core';
import { FactoryError } from '#src/errors.ts';
import { dependsOnContent } from '#src/ledger/replay.ts';
import type { ProjectionTable, RowChange } from '#src/ledger/rows.ts';
import { mergeChanges } from './merge-changes.ts';
import type { EntityManager } from './orm.ts';
import { entityOf } from './table-reader.ts';

/** Rows in one INSERT statement. */
const INSERT_BATCH = 500;

/** Writes projected rows, in order. Throws FactoryError `projection-row-missing` for an update of a row that is not there. */
export async function writeRows(em: EntityManager, changes: readonly RowChange[]): Promise<void> {
  const pending: { table: ProjectionTable; rows: object[] } = { table: 'projects', rows: [] };
  const flush = async () => {
    const { table, rows } = pending;
    pending.rows = [];
    for (let start = 0; start < rows.length; start += INSERT_BATCH) {
      await insertRows(em, table, rows.slice(start, start + INSERT_BATCH));
    }
  };
  for (const change of mergeChanges(changes)) {
    if (change.op === 'insert' && change.table === pending.table) {
      pending.rows.push(change.row);
      continue;
    }
    await flush();
    if (change.op === 'update') await updateRow(em, change.table, change.id, change.set);
    else if (change.op === 'replace') {
      await em.nativeDelete(entityOf(change.table), change.where as FilterQuery<{ id: string }>);
      Object.assign(pending, { table: change.table, rows: [...change.rows] });
    } else Object.assign(pending, { table: change.table, rows: [change.row] });
  }
  await flush();
}

async function insertRows(em: EntityManager, table: ProjectionTable, rows: object[]): Promise<void> {
  await em.insertMany(entityOf(table), rows as RequiredEntityData<{ id: string }>[]);
}

async function updateRow(em: EntityManager, table: ProjectionTable, id: string, set: object): Promise<void> {
  const updated = await em.nativeUpdate(entityOf(table), { id }, set);
  if (updated === 1 || dependsOnContent(table)) return;
  throw new FactoryError(
    'projection-row-missing',
    `A fact changes ${id} in ${table}, which is not there; nothing was kept.`,
    {
      fix: 'Compare the tables with the ledger: workbench replay --verify',
    },
  );
}
