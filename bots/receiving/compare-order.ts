/**
 * Which of two is earlier, by a surface's own time or id, as `1700000000.000100` or `1309900000000000000`: negative for
 * the first. Such numbers are longer than what a number holds whole. Empty: not known, and as early as can be.
 */
export function compareOrder(left: string, right: string): number {
  const [a, b] = [partsOf(left), partsOf(right)];
  for (let at = 0; at < Math.max(a.length, b.length); at += 1) {
    const difference = (a[at] ?? 0n) - (b[at] ?? 0n);
    if (difference !== 0n) return difference < 0n ? -1 : 1;
  }
  return 0;
}

function partsOf(order: string): bigint[] {
  return /^\d+(?:\.\d+)*$/.test(order) ? order.split('.').map(BigInt) : [];
}
