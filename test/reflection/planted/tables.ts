import type { ProjectionTable, Rows } from '#src/ledger/rows.ts';
import type { TableReader } from '#src/ports/unit-of-work.ts';

/** Rows as they are given, found by plain equality. */
export function tablesOf(rows: { [T in ProjectionTable]?: Partial<Rows[T]>[] }): TableReader {
  const all = (table: ProjectionTable) => (rows[table] ?? []) as Record<string, unknown>[];
  const fits = (row: Record<string, unknown>, where: Record<string, unknown>) =>
    Object.entries(where).every(([name, wanted]) =>
      Array.isArray(wanted) ? wanted.includes(row[name]) : row[name] === wanted,
    );
  return {
    find: async (table, where) => all(table).filter((row) => fits(row, where)) as never,
    get: async (table, id) => (all(table).find((row) => row['id'] === id) ?? null) as never,
    sum: async () => ({}) as never,
  };
}
