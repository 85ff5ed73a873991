import type { RowChange } from './rows.ts';

/**
 * A change as the database can keep it: PostgreSQL refuses the NUL character and replaces half surrogate pairs, which
 * a title cut in the middle of an emoji has. Done to the data, so that a replay comes to the same.
 */
export function storableChange(change: RowChange): RowChange {
  switch (change.op) {
    case 'insert':
      return { ...change, row: storableRow(change.row) } as RowChange;
    case 'update':
      return { ...change, set: storableRow(change.set) } as RowChange;
    case 'replace':
      return { ...change, rows: change.rows.map(storableRow) } as RowChange;
  }
}

function storableRow<Row extends object>(row: Row): Row {
  return Object.fromEntries(Object.entries(row).map(([column, value]) => [column, storableValue(value)])) as Row;
}

function storableValue(value: unknown): unknown {
  if (typeof value === 'string') return storableText(value);
  if (Array.isArray(value)) return value.map(storableValue);
  return value;
}

/** The same text without what no database text can hold. */
export function storableText(text: string): string {
  return isStorable(text) ? text : text.toWellFormed().replaceAll('\0', '\ufffd');
}

export function isStorable(text: string): boolean {
  return text.isWellFormed() && !text.includes('\0');
}
