import * as z from 'zod';

const Table = z.record(z.string(), z.unknown());

/** The table at a path of keys; empty where there is none. */
export function tableAt(root: unknown, ...keys: readonly string[]): Readonly<Record<string, unknown>> {
  let value = root;
  for (const key of keys) {
    const table = Table.safeParse(value);
    value = table.success && Object.hasOwn(table.data, key) ? table.data[key] : undefined;
  }
  const table = Table.safeParse(value);
  return table.success ? table.data : {};
}

/** The texts of a list; empty where it is none. */
export function textsIn(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((entry) => typeof entry === 'string') : [];
}
