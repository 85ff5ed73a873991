import type { FoldedTables } from '#src/ledger/replay.ts';
import type { ProjectionTable, Rows } from '#src/ledger/rows.ts';
import type { TableReader } from '#src/ports/unit-of-work.ts';

/** Rows as they are given, found by plain equality. */
export function tablesOf(rows: { [T in ProjectionTable]?: Partial<Rows[T]>[] }): TableReader {
  const all = (table: ProjectionTable) => (rows[table] ?? []) as Record<string, unknown>[];
  const matching = (table: ProjectionTable, where: Record<string, unknown>) => {
    const wanted = Object.entries(where).map(
      ([name, value]) => [name, new Set(Array.isArray(value) ? value : [value])] as const,
    );
    return all(table).filter((row) => wanted.every(([name, values]) => values.has(row[name])));
  };
  return {
    find: async (table, where) => matching(table, where) as never,
    get: async (table, id) => (all(table).find((row) => row['id'] === id) ?? null) as never,
    sum: async () => ({}) as never,
  };
}

/** Rows as a ledger makes them. */
export function tablesOfFold(folded: FoldedTables): TableReader {
  return tablesOf(Object.fromEntries([...folded].map(([table, { rows }]) => [table, [...rows.values()]])));
}
