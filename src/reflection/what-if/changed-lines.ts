/** Lines that stand in one text and not in the other, where both differ in one place. */
export interface ChangedLines {
  gone: string[];
  came: string[];
}

/** null: the texts are the same. What the two have in common at head and tail is left out. */
export function changedLines(then: string, now: string): ChangedLines | null {
  if (then === now) return null;
  const before = then.split('\n');
  const after = now.split('\n');
  const shorter = Math.min(before.length, after.length);
  let head = 0;
  while (head < shorter && before[head] === after[head]) head += 1;
  let tail = 0;
  while (tail < shorter - head && before.at(-1 - tail) === after.at(-1 - tail)) tail += 1;
  return { gone: before.slice(head, before.length - tail), came: after.slice(head, after.length - tail) };
}
