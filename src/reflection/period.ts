/** A stretch of time, `until` not included. ISO 8601 UTC. */
export interface Period {
  from: string;
  until: string;
}

const DAY_MS = 86_400_000;

/** Whether a moment lies in it; null never does. */
export function within({ from, until }: Period, at: string | null): boolean {
  return at !== null && at >= from && at < until;
}

/** The stretches of the same length before this one, oldest first. */
export function periodsBefore({ from, until }: Period, count: number): Period[] {
  const lengthMs = Date.parse(until) - Date.parse(from);
  return Array.from({ length: count }, (_, index) => {
    const back = (count - index) * lengthMs;
    return {
      from: new Date(Date.parse(from) - back).toISOString(),
      until: new Date(Date.parse(until) - back).toISOString(),
    };
  });
}

/** The seven days that end with `now`. */
export function lastWeek(now: Date): Period {
  return { from: new Date(now.getTime() - 7 * DAY_MS).toISOString(), until: now.toISOString() };
}
