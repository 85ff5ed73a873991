/** Sorted by numbers, the first that differs deciding. */
export function inOrder<Item>(
  items: readonly Item[],
  keys: (item: Item) => readonly number[],
  direction: string,
): Item[] {
  const sign = direction === 'desc' ? -1 : 1;
  return items.toSorted((one, other) => {
    const otherKeys = keys(other);
    const difference = keys(one)
      .map((key, index) => key - (otherKeys[index] ?? 0))
      .find((each) => each !== 0);
    return sign * (difference ?? 0);
  });
}

/** Whether it changed at or after that time; GitHub compares whole seconds. */
export function isSince(since: string | undefined, atMs: number): boolean {
  return since === undefined || Math.trunc(atMs / 1000) >= Math.trunc(Date.parse(since) / 1000);
}
