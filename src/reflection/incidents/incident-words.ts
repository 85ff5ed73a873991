import type { IncidentRow } from '#src/ledger/reflection-rows.ts';
import type { StoryTaskRow } from '#src/ledger/rows.ts';
import { durationWords } from '../duration-words.ts';
import { within } from '../period.ts';
import type { Period } from '../period.ts';
import { severities } from './incident.ts';

/** The task whose merge was the last one before it. */
export type TaskBefore = Pick<StoryTaskRow, 'number' | 'endedAt'>;

/** `checkout`: `error-rate`. Both are one word. */
export function troubleName({ service, signal }: Pick<IncidentRow, 'service' | 'signal'>): string {
  return `\`${signal}\` of \`${service}\``;
}

export function timesWords({ times }: Pick<IncidentRow, 'times'>): string {
  return times === 1 ? 'once' : `${times} times`;
}

/** What was merged before it began, and never that this is why. null: nothing is known. */
export function afterWords({ firstAt }: Pick<IncidentRow, 'firstAt'>, task: TaskBefore | null): string | null {
  if (task?.endedAt == null) return null;
  const ms = Math.max(0, Date.parse(firstAt) - Date.parse(task.endedAt));
  return `after task ${task.number} was merged ${durationWords(ms)} before`;
}

/** What a retrospective says of one incident. */
export interface ToldIncident {
  incidentId: string;
  text: string;
}

/** Incidents that were seen in a period, the worst first; those that only inform are left out. */
export function incidentsOf(rows: readonly IncidentRow[], period: Period): ToldIncident[] {
  return rows
    .filter(({ severity, firstAt, lastAt }) => severity !== 'info' && isSeenIn({ firstAt, lastAt }, period))
    .toSorted(
      (a, b) =>
        severities.indexOf(b.severity) - severities.indexOf(a.severity) ||
        b.times - a.times ||
        (a.firstAt < b.firstAt ? -1 : 1),
    )
    .map((row) => {
      const end = row.status === 'open' ? 'is still open' : 'is closed';
      return {
        incidentId: row.id,
        text: `“${row.signal}” of “${row.service}” (${row.severity}) was seen ${timesWords(row)} and ${end}.`,
      };
    });
}

function isSeenIn({ firstAt, lastAt }: Pick<IncidentRow, 'firstAt' | 'lastAt'>, period: Period): boolean {
  return within(period, firstAt) || within(period, lastAt) || (firstAt < period.from && lastAt >= period.until);
}
