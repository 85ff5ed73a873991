/** So many of so many. Shown with both numbers, because 1 of 1 is not 100 of 100. */
export interface Share {
  count: number;
  of: number;
}

export function shareOf<T>(items: readonly T[], is: (item: T) => boolean): Share {
  return { count: items.filter((item) => is(item)).length, of: items.length };
}

/** null: there are none. */
export function median(values: readonly number[]): number | null {
  return quantile(values, 0.5);
}

/** Between neighbours by a straight line. `q` from 0 to 1; null: there are no values. */
export function quantile(values: readonly number[], q: number): number | null {
  if (values.length === 0) return null;
  const sorted = values.toSorted((a, b) => a - b);
  const place = (sorted.length - 1) * q;
  const low = sorted[Math.floor(place)] ?? 0;
  const high = sorted[Math.ceil(place)] ?? low;
  return low + (high - low) * (place - Math.floor(place));
}

export function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

/**
 * How likely it is that so many of `n` or more lie on one side of the middle by chance alone: the sign test, one-sided.
 * 1 where there is nothing to compare.
 */
export function signTest(above: number, n: number): number {
  let probability = 0;
  // Logarithms, since 2^-n is 0 for machines long before n is large for people.
  for (let k = above; k <= n; k++) probability += Math.exp(logChoose(n, k) - n * Math.LN2);
  return Math.min(1, probability);
}

function logChoose(n: number, k: number): number {
  let log = 0;
  for (let i = 1; i <= k; i++) log += Math.log(n - k + i) - Math.log(i);
  return log;
}
