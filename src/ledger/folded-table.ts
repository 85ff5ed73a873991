type AnyRow = { id: string };
type Cell = string | number | boolean | null;

/** A projection table in memory. Conditions on a column are answered from an index that the first of them makes. */
export class FoldedTable {
  readonly rows = new Map<string, AnyRow>();
  readonly #indexes = new Map<string, Map<unknown, Set<string>>>();

  /** False when that id is there already. */
  insert(row: AnyRow): boolean {
    if (this.rows.has(row.id)) return false;
    this.rows.set(row.id, row);
    for (const [column, index] of this.#indexes) addTo(index, cell(row, column), row.id);
    return true;
  }

  /** False when there is no such row. */
  update(id: string, set: object): boolean {
    const row = this.rows.get(id);
    if (row === undefined) return false;
    this.#remove(row);
    this.insert({ ...row, ...set });
    return true;
  }

  /** Removes the rows that match every condition. */
  removeWhere(where: object): void {
    const conditions = Object.entries(where) as [string, Cell][];
    const [first] = conditions;
    const candidates = first === undefined ? [...this.rows.keys()] : [...this.#matching(...first)];
    for (const id of candidates) {
      const row = this.rows.get(id);
      if (row !== undefined && conditions.every(([column, value]) => cell(row, column) === value)) this.#remove(row);
    }
  }

  #remove(row: AnyRow): void {
    this.rows.delete(row.id);
    for (const [column, index] of this.#indexes) index.get(cell(row, column))?.delete(row.id);
  }

  #matching(column: string, value: Cell): Iterable<string> {
    let index = this.#indexes.get(column);
    if (index === undefined) {
      index = new Map();
      for (const row of this.rows.values()) addTo(index, cell(row, column), row.id);
      this.#indexes.set(column, index);
    }
    return index.get(value) ?? [];
  }
}

function cell(row: AnyRow, column: string): unknown {
  return (row as Record<string, unknown>)[column];
}

function addTo(index: Map<unknown, Set<string>>, value: unknown, id: string): void {
  const ids = index.get(value);
  if (ids === undefined) index.set(value, new Set([id]));
  else ids.add(id);
}
