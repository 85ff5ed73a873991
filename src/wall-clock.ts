const MINUTE_MS = 60_000;
export const DAY_MS = 86_400_000;

/** A moment on somebody's wall: the clock and the calendar of a time zone. */
export interface Wall {
  /** Midnight of the day, counted as if the zone were UTC. */
  dayMs: number;
  minute: number;
}

export function wallOf(at: Date, timeZone: string): Wall {
  const format = new Intl.DateTimeFormat('en', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
  });
  const parts = new Map(format.formatToParts(at).map(({ type, value }) => [type, Number(value)]));
  const of = (type: Intl.DateTimeFormatPartTypes): number => parts.get(type) ?? 0;
  return { dayMs: Date.UTC(of('year'), of('month') - 1, of('day')), minute: of('hour') * 60 + of('minute') };
}

/**
 * The first moment at which the wall shows this. Where clocks are put forward over it, the moment at which they show as
 * much later as they were put forward.
 */
export function momentOf({ dayMs, minute }: Wall, timeZone: string): Date {
  const wantedMs = dayMs + minute * MINUTE_MS;
  const shownAt = (ms: number): number => {
    const wall = wallOf(new Date(ms), timeZone);
    return wall.dayMs + wall.minute * MINUTE_MS;
  };
  // No zone is further than a day from UTC, so the offsets on both sides of a change lie within these.
  const candidates = [wantedMs - DAY_MS, wantedMs + DAY_MS].map((near) => wantedMs - (shownAt(near) - near));
  const exact = candidates.filter((ms) => shownAt(ms) === wantedMs);
  return new Date(exact.length > 0 ? Math.min(...exact) : Math.max(...candidates));
}
