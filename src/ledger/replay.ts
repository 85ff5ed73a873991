import { canonicalJson } from './canonical-json.ts';
import type { RecordedEvent } from './event.ts';
import { FoldedTable } from './folded-table.ts';
import { FactoryError } from '#src/errors.ts';
import { projectEvent } from './project.ts';
import type { ProjectionTable, RowChange, Rows } from './rows.ts';

/** What the ledger alone makes of every projection table: table → id → row. */
export type FoldedTables = Map<ProjectionTable, FoldedTable>;

/** One cell that is not what the ledger says. A whole row too many or too few shows in its `id` column. */
export interface Difference {
  table: string;
  id: string;
  column: string;
  ledger: unknown;
  row: unknown;
}

/** Rows of these tables come out of an artifact's content: where that was erased, an update finds none of them. */
const contentTables: ReadonlySet<ProjectionTable> = new Set([
  'inception_features',
  'inception_items',
  'feature_tests',
  'git_commits',
]);

export function dependsOnContent(table: ProjectionTable): boolean {
  return contentTables.has(table);
}

/** Folds events one by one, as they come out of the ledger. */
export class LedgerFold {
  readonly tables: FoldedTables = new Map();

  /** `content` is the parsed artifact that the event names; `undefined` when it names none or it was erased. */
  apply(event: RecordedEvent, content: unknown): RowChange[] {
    const changes = projectEvent(event, content);
    for (const change of changes) this.#change(event, change);
    return changes;
  }

  #change(event: RecordedEvent, change: RowChange): void {
    const table = this.#table(change.table);
    switch (change.op) {
      case 'insert':
        if (!table.insert(change.row)) throw cannotFold(event, `${change.table} has ${change.row.id} already`);
        return;
      case 'update':
        if (!table.update(change.id, change.set) && !dependsOnContent(change.table))
          throw cannotFold(event, `${change.table} has no ${change.id}`);
        return;
      case 'replace':
        table.removeWhere(change.where);
        for (const row of change.rows) {
          if (!table.insert(row)) throw cannotFold(event, `${change.table} has ${row.id} already`);
        }
    }
  }

  #table(name: ProjectionTable): FoldedTable {
    const known = this.tables.get(name);
    if (known !== undefined) return known;
    const table = new FoldedTable();
    this.tables.set(name, table);
    return table;
  }
}

/** Folds a whole list of events. `contentOf` gives an artifact's parsed content by its hash, or `undefined`. */
export function foldLedger(events: Iterable<RecordedEvent>, contentOf: (hash: string) => unknown): FoldedTables {
  const fold = new LedgerFold();
  for (const event of events) fold.apply(event, event.artifact === null ? undefined : contentOf(event.artifact));
  return fold.tables;
}

/** Compares one table, cell by cell, with the rows that are really there. */
export function compareTable<T extends ProjectionTable>(
  table: T,
  folded: Pick<FoldedTable, 'rows'> | undefined,
  actual: readonly Rows[T][],
): Difference[] {
  const actualById = new Map(actual.map((row) => [row.id, row]));
  const differences: Difference[] = [];
  for (const [id, row] of folded?.rows ?? []) {
    const found = actualById.get(id);
    if (found === undefined) differences.push({ table, id, column: 'id', ledger: id, row: null });
    else differences.push(...compareRows(table, id, row, found));
  }
  for (const { id } of actual) {
    if (folded?.rows.has(id) !== true) differences.push({ table, id, column: 'id', ledger: null, row: id });
  }
  return differences;
}

/** Compares every table that either side has. */
export function compareTables(
  folded: ReadonlyMap<ProjectionTable, Pick<FoldedTable, 'rows'>>,
  actual: ReadonlyMap<ProjectionTable, readonly Rows[ProjectionTable][]>,
): Difference[] {
  const tables = new Set([...folded.keys(), ...actual.keys()]);
  return [...tables].flatMap((table) => compareTable(table, folded.get(table), actual.get(table) ?? []));
}

function compareRows(table: string, id: string, ledger: object, row: object): Difference[] {
  const left = ledger as Record<string, unknown>;
  const right = row as Record<string, unknown>;
  const columns = new Set([...Object.keys(left), ...Object.keys(right)]);
  return [...columns]
    .filter((column) => !isSame(left[column], right[column]))
    .map((column) => ({ table, id, column, ledger: left[column] ?? null, row: right[column] ?? null }));
}

function isSame(left: unknown, right: unknown): boolean {
  if (left === right) return true;
  if (left === undefined || right === undefined) return false;
  return canonicalJson(left) === canonicalJson(right);
}

function cannotFold(event: RecordedEvent, reason: string): FactoryError {
  return new FactoryError(
    'ledger-not-foldable',
    `Event ${event.seq} (${event.type}) does not fit what came before: ${reason}.`,
    {
      fix: 'Check the ledger with: workbench ledger verify',
    },
  );
}
