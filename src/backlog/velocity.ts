import type { SprintRow } from '#src/ledger/rows.ts';
import { daysBetween } from './sprint.ts';

/** More would speak of a team that has changed since. */
const SPRINTS_LOOKED_AT = 3;

export interface Velocity {
  /** The latest closed sprints, oldest first. */
  sprints: { number: number; donePoints: number; days: number }[];
  /** Points a sprint, rounded; null: no sprint was closed yet. */
  average: number | null;
}

/** What the last sprints got merged. A sprint that was closed early counts for the days that it had. */
export function velocityOf(sprints: readonly SprintRow[]): Velocity {
  const latest = sprints
    .flatMap(({ number, startsAt, closedAt, donePoints }) =>
      closedAt === null ? [] : [{ number, donePoints: donePoints ?? 0, days: daysBetween(startsAt, closedAt) }],
    )
    .toSorted((a, b) => a.number - b.number)
    .slice(-SPRINTS_LOOKED_AT);
  if (latest.length === 0) return { sprints: [], average: null };
  const all = latest.reduce((sum, { donePoints }) => sum + donePoints, 0);
  return { sprints: latest, average: Math.round(all / latest.length) };
}
