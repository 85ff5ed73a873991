import { DAY_MS, momentOf, wallOf } from '#src/wall-clock.ts';
import type { Period } from '../period.ts';

/** One time to look back. */
export interface Turn {
  /** ISO 8601 week, such as `2026-W47`. */
  week: string;
  /** The seven days that ended with the turn. */
  period: Period;
}

const DAYS = 7;

/**
 * The turn that came at `at`, a whole minute: the seven days before it by the calendar of the zone, so that none is an
 * hour short where the clocks change. It is called after the week that most of them lie in.
 */
export function turnAt(at: Date, timeZone: string): Turn {
  const { dayMs, minute } = wallOf(at, timeZone);
  const from = momentOf({ dayMs: dayMs - DAYS * DAY_MS, minute }, timeZone);
  const middle = new Date((from.getTime() + at.getTime()) / 2);
  return {
    week: weekOf(wallOf(middle, timeZone).dayMs),
    period: { from: from.toISOString(), until: at.toISOString() },
  };
}

/** ISO 8601: weeks begin on Monday, and belong to the year that their Thursday lies in. */
function weekOf(dayMs: number): string {
  const weekday = (new Date(dayMs).getUTCDay() + 6) % 7;
  const thursday = new Date(dayMs + (3 - weekday) * DAY_MS);
  const year = thursday.getUTCFullYear();
  const week = Math.floor((thursday.getTime() - Date.UTC(year, 0)) / DAY_MS / DAYS) + 1;
  return `${year}-W${String(week).padStart(2, '0')}`;
}
