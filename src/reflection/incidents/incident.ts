import { createHash } from 'node:crypto';
import { canonicalJson } from '#src/ledger/canonical-json.ts';
import type { EventBodies } from '#src/ledger/event-types.ts';
import { isEvent } from '#src/ledger/event.ts';
import type { RecordedEvent } from '#src/ledger/event.ts';
import type { IncidentRow } from '#src/ledger/reflection-rows.ts';
import { withoutChanging } from '../fingerprint.ts';

export type Severity = IncidentRow['severity'];

/** From the mildest to the worst. */
export const severities: readonly Severity[] = ['info', 'warning', 'error', 'critical'];

/** All incidents of one kind of trouble in a project: one of them is open at a time. */
export function incidentStream(projectId: string, fingerprint: string): string {
  return `incident:${projectId}/${fingerprint}`;
}

const MAX_NAME_CHARACTERS = 100;

/** A service or signal as it is kept: one word, so that a name cannot be a sentence, a path above or a mark of Markdown. */
export function nameOf(told: string): string {
  const word = told
    .normalize('NFC')
    .replaceAll(/[^\p{L}\p{N}._:/-]+/gu, '-')
    .replaceAll(/\.{2,}/g, '.')
    .replaceAll(/^[^\p{L}\p{N}]+|[^\p{L}\p{N}]+$/gu, '')
    .slice(0, MAX_NAME_CHARACTERS);
  return word === '' ? 'unnamed' : word.toWellFormed();
}

/** What is compared of the details. */
const MAX_COMPARED_CHARACTERS = 4_000;

/** The same for reports of the same trouble, whatever ids, times and numbers they carry. `details` null: they do not count. */
export function fingerprintOfTrouble({
  source,
  service,
  signal,
  details,
}: Pick<IncidentRow, 'source' | 'service' | 'signal'> & { details: unknown }): string {
  const compared = details === null ? '' : withoutChanging(canonicalJson(details).slice(0, MAX_COMPARED_CHARACTERS));
  return createHash('sha256')
    .update(canonicalJson([source, service, signal, compared]))
    .digest('hex')
    .slice(0, 32);
}

/** The latest incident of a stream. */
interface Latest {
  incidentId: string;
  severity: Severity;
  times: number;
  lastAt: string;
  closedAt: string | null;
}

function foldLatest(events: readonly RecordedEvent[]): { latest: Latest | null; told: Set<string> } {
  const told = new Set<string>();
  for (const event of events) {
    const isTold = isEvent(event, 'incident.opened') || isEvent(event, 'incident.seen-again');
    for (const key of isTold ? event.body.told : []) told.add(key);
  }
  return { latest: events.reduce(evolve, null), told };
}

function evolve(latest: Latest | null, event: RecordedEvent): Latest | null {
  if (isEvent(event, 'incident.opened')) {
    const { incidentId, severity, times, lastAt } = event.body;
    return { incidentId, severity, times, lastAt, closedAt: null };
  }
  if (latest === null) return null;
  if (isEvent(event, 'incident.seen-again')) {
    const { severity, times, lastAt } = event.body;
    return { ...latest, severity, times, lastAt };
  }
  return isEvent(event, 'incident.closed') ? { ...latest, closedAt: event.at } : latest;
}

/** What was told of one kind of trouble, at once or in several deliveries. */
export interface Sighting {
  severity: Severity;
  /** ISO 8601 UTC. */
  firstAt: string;
  lastAt: string;
  /** Each counts once, however often it is given. */
  told: readonly string[];
}

/**
 * What a sighting means for its stream: the same trouble again, a new incident, or nothing where all of it was counted
 * before. What is told of a time before a person closed it belongs to the closed one and opens nothing.
 */
export function decideSighting(
  events: readonly RecordedEvent[],
  sighting: Sighting,
):
  | { type: 'nothing'; incidentId: string }
  | { type: 'seen-again'; body: EventBodies['incident.seen-again'] }
  | { type: 'open'; told: string[] } {
  const { latest, told: known } = foldLatest(events);
  const told = [...new Set(sighting.told)].filter((key) => !known.has(key));
  if (latest !== null && told.length === 0) return { type: 'nothing', incidentId: latest.incidentId };
  if (latest === null || (latest.closedAt !== null && sighting.lastAt > latest.closedAt)) return { type: 'open', told };
  const { incidentId, times, severity, lastAt } = latest;
  return {
    type: 'seen-again',
    body: {
      incidentId,
      times: times + told.length,
      lastAt: sighting.lastAt > lastAt ? sighting.lastAt : lastAt,
      severity: worse(severity, sighting.severity),
      told,
    },
  };
}

export function worse(one: Severity, other: Severity): Severity {
  return severities.indexOf(one) >= severities.indexOf(other) ? one : other;
}

/** Whether it is the latest of its stream and still open. */
export function isOpen(events: readonly RecordedEvent[], incidentId: string): boolean {
  const { latest } = foldLatest(events);
  return latest?.incidentId === incidentId && latest.closedAt === null;
}
