export function mean(values: readonly number[]): number {
  return values.length === 0 ? Number.NaN : values.reduce((sum, value) => sum + value, 0) / values.length;
}

const RESAMPLES = 2000;

/** Where the mean lies with 95% certainty, by resampling cases; the same numbers give the same answer. */
export function bootstrap95(values: readonly number[]): [low: number, high: number] {
  const next = seededRandom(20_261_121);
  const means = Array.from({ length: RESAMPLES }, () =>
    mean(values.map(() => values[Math.floor(next() * values.length)] ?? 0)),
  ).sort((a, b) => a - b);
  return [means[Math.floor(RESAMPLES * 0.025)] ?? Number.NaN, means[Math.floor(RESAMPLES * 0.975)] ?? Number.NaN];
}

/** Marsaglia's xorshift32 (2003). */
function seededRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
}
