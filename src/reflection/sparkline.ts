const BARS = '▁▂▃▄▅▆▇█';

/** One bar a value, the lowest and the highest of them as low and high as bars go; a dot where there is no value. */
export function sparkline(values: readonly (number | null)[]): string {
  const known = values.filter((value) => value !== null);
  if (known.length < 2) return '';
  const [low, high] = [Math.min(...known), Math.max(...known)];
  return values
    .map((value) => {
      if (value === null) return '·';
      const share = high === low ? 0.5 : (value - low) / (high - low);
      return BARS[Math.round(share * (BARS.length - 1))];
    })
    .join('');
}
