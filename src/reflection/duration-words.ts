const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** "40 s", "12 min", "3.5 h", "2 days": as exact as people want it. */
export function durationWords(ms: number): string {
  if (ms < SECOND_MS) return 'under a second';
  if (ms < MINUTE_MS) return `${Math.round(ms / SECOND_MS)} s`;
  if (ms < HOUR_MS) return `${Math.round(ms / MINUTE_MS)} min`;
  if (ms < DAY_MS) return `${tenths(ms / HOUR_MS)} h`;
  const days = tenths(ms / DAY_MS);
  return `${days} ${days === '1' ? 'day' : 'days'}`;
}

function tenths(value: number): string {
  return String(Math.round(value * 10) / 10);
}
