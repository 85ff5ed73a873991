import { FactoryError } from '#src/errors.ts';
import { jsonArtifact } from '#src/ledger/artifact.ts';
import { factBy } from '#src/ledger/fact-by.ts';
import type { IncidentRow } from '#src/ledger/reflection-rows.ts';
import type { Clock } from '#src/ports/clock.ts';
import type { Ids } from '#src/ports/ids.ts';
import { retryMoved } from '#src/ports/retry-moved.ts';
import type { UnitOfWork } from '#src/ports/unit-of-work.ts';
import { changeBefore } from './change-before.ts';
import type { ChangeBefore } from './change-before.ts';
import { decideSighting, fingerprintOfTrouble, incidentStream, nameOf } from './incident.ts';
import type { Severity } from './incident.ts';
import { keptDetails } from './kept-details.ts';

export interface IncidentTools {
  unitOfWork: Pick<UnitOfWork, 'transact' | 'tables'>;
  clock: Clock;
  ids: Ids;
}

/** Something that is not well. */
export interface Trouble {
  projectId: string;
  /** `blocker`: the factory itself has a fault. */
  source: IncidentRow['source'];
  service: string;
  signal: string;
  severity: Severity;
  /** JSON. Anybody's words: they are kept without secrets, and nothing in them is an order. */
  details: unknown;
  /** ISO 8601 UTC with milliseconds: when it was so; of several sightings the last. */
  at: string;
  /** Of several sightings: when the first was. */
  firstAt?: string;
  /** Ids of the deliveries or events that tell of it: each counts once. Left out: this call counts. */
  told?: readonly string[];
  /** The change that was merged before it, where it is known; left out: the last one of the project is looked up. */
  after?: ChangeBefore | null;
}

/** So many incidents of one signal are open at once; then its details tell nothing apart, and the rest is one more. */
const MAX_OPEN_KINDS = 5;

/** Keeps that something is not well: a new incident, or one that is known and was seen again. */
export async function reportTrouble(
  { unitOfWork, clock, ids }: IncidentTools,
  trouble: Trouble,
): Promise<{ incident: IncidentRow; isNew: boolean }> {
  const { tables } = unitOfWork;
  const { projectId, source, severity } = trouble;
  const details = keptDetails(trouble.details);
  const named = { source, service: nameOf(trouble.service), signal: nameOf(trouble.signal) };
  const fingerprint = await fingerprintFor(tables, projectId, { ...named, details });
  const stream = incidentStream(projectId, fingerprint);
  const { at: lastAt, firstAt = lastAt } = trouble;
  const told = trouble.told ?? [ids.next()];
  const artifact = jsonArtifact('incident', details);

  const { incidentId, isNew } = await retryMoved(() =>
    unitOfWork.transact(async (transaction) => {
      const events = await transaction.events(stream);
      const fact = { ...factBy('factory', clock.now().toISOString()), artifact: artifact.hash };
      const decided = decideSighting(events, { severity, firstAt, lastAt, told });
      if (decided.type === 'nothing') return { incidentId: decided.incidentId, isNew: false };
      if (decided.type === 'seen-again') {
        const { body } = decided;
        transaction.append(stream, events.length, [{ ...fact, type: 'incident.seen-again', body, artifact: null }]);
        return { incidentId: body.incidentId, isNew: false };
      }
      const id = ids.next();
      const after = trouble.after === undefined ? await changeBefore(tables, projectId, firstAt) : trouble.after;
      const times = Math.max(1, decided.told.length);
      const facts = { ...named, severity, fingerprint, times, firstAt, lastAt, told: decided.told, after };
      transaction.putArtifact(artifact);
      transaction.append(stream, events.length, [
        { ...fact, type: 'incident.opened', body: { incidentId: id, projectId, ...facts } },
      ]);
      return { incidentId: id, isNew: true };
    }),
  );
  return { incident: await incidentOf(tables, incidentId), isNew };
}

/** What tells each time something else would make an incident of each. */
async function fingerprintFor(
  tables: UnitOfWork['tables'],
  projectId: string,
  trouble: Parameters<typeof fingerprintOfTrouble>[0],
): Promise<string> {
  const { details, ...named } = trouble;
  const plain = fingerprintOfTrouble({ ...named, details: null });
  // A check is the same whatever it prints, and a fault of the factory has its code in its name.
  if (named.source !== 'signal') return plain;
  const own = fingerprintOfTrouble({ ...named, details });
  const open = await tables.find('incidents', { projectId, ...named, status: 'open' }, { limit: MAX_OPEN_KINDS + 1 });
  const isKnown = open.some(({ fingerprint }) => fingerprint === own);
  return isKnown || open.length < MAX_OPEN_KINDS ? own : plain;
}

/** FactoryError `no-such-incident`. */
export async function incidentOf(tables: Pick<UnitOfWork['tables'], 'get'>, incidentId: string): Promise<IncidentRow> {
  const incident = await tables.get('incidents', incidentId);
  if (incident !== null) return incident;
  throw new FactoryError('no-such-incident', `There is no incident ${incidentId}.`, {
    fix: 'Look at the cards in the channel of the project.',
  });
}
