import type { RowChange } from '#src/ledger/rows.ts';

/**
 * Fewer changes with the same effect: what follows an insert or update of a row is folded into it, so that a step
 * which moves a task three times writes its row once.
 */
export function mergeChanges(changes: readonly RowChange[]): RowChange[] {
  const merged: RowChange[] = [];
  const lastOf = new Map<string, number>();
  for (const change of changes) {
    if (change.op === 'replace') {
      // Rows of that table may go: what follows must stay behind it.
      for (const key of [...lastOf.keys()]) if (key.startsWith(`${change.table}/`)) lastOf.delete(key);
      merged.push(change);
      continue;
    }
    const key = `${change.table}/${change.op === 'insert' ? change.row.id : change.id}`;
    const index = lastOf.get(key);
    const earlier = index === undefined ? undefined : merged[index];
    if (change.op === 'update' && index !== undefined && earlier !== undefined) {
      merged[index] = withSet(earlier, change.set);
    } else {
      lastOf.set(key, merged.length);
      merged.push(change);
    }
  }
  return merged;
}

function withSet(change: RowChange, set: object): RowChange {
  if (change.op === 'insert') return { ...change, row: { ...change.row, ...set } } as RowChange;
  if (change.op === 'update') return { ...change, set: { ...change.set, ...set } } as RowChange;
  return change;
}
