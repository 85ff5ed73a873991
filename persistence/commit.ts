import { FactoryError } from '#src/errors.ts';
import { contentOf } from '#src/ledger/artifact.ts';
import type { RecordedEvent } from '#src/ledger/event.ts';
import { projectEvent } from '#src/ledger/project.ts';
import type { RowChange } from '#src/ledger/rows.ts';
import { createArtifactStore, putArtifacts } from './artifact-store.ts';
import { idempotencyConflict, sqlState, streamMoved, toFactoryError } from './database-error.ts';
import type { EntityManager } from './orm.ts';
import { putWakes } from './outbox.ts';
import { reproject } from './reproject.ts';
import { saveConversation } from './save-conversation.ts';
import { runSql } from './sql.ts';
import type { Queued } from './transaction.ts';
import { writeRows } from './write-rows.ts';

/**
 * Writes what was queued in one transaction: everything else first, the one append to the ledger last. The other order
 * deadlocks: whoever appended holds the head while it waits for a row, and the row's holder waits for the head.
 */
export async function commit(em: EntityManager, queued: Queued): Promise<void> {
  const { artifacts, conversations, wakes } = queued;
  if (queued.events.length + artifacts.size + conversations.size + wakes.size === 0) return;
  try {
    const events = await withoutRepeats(em, queued.events);
    const changes = await project(em, events, queued);
    await em.transactional(async (inside) => {
      const restored = await putArtifacts(inside, [...artifacts.values()]);
      for (const conversation of conversations.values()) await saveConversation(inside, conversation);
      if (restored.length > 0) await reproject(inside, { returned: new Set(restored) });
      await writeRows(inside, changes);
      await putWakes(inside, [...wakes.values()]);
      if (events.length > 0) await append(inside, events);
    });
  } catch (error) {
    throw await explain(em, error, queued.events);
  }
}

/** Drops events that were recorded before under the same key. Other content under a known key is refused. */
async function withoutRepeats(em: EntityManager, events: readonly RecordedEvent[]): Promise<RecordedEvent[]> {
  const keyed = events.filter(({ idempotencyKey }) => idempotencyKey !== null);
  if (keyed.length === 0) return [...events];
  const known = await runSql<RecordedEvent>(
    em,
    `SELECT ledger.stream, idempotency_key AS "idempotencyKey", type, version, artifact, body AS "bodyText"
     FROM ledger JOIN unnest($1::text[], $2::text[]) AS given (stream, key)
     ON given.stream = ledger.stream AND given.key = ledger.idempotency_key`,
    [keyed.map(({ stream }) => stream), keyed.map(({ idempotencyKey }) => idempotencyKey)],
  );
  const knownByKey = new Map(known.map((event) => [keyOf(event), event]));
  const dropped = new Map<string, number>();
  return events.flatMap((event) => {
    const before = event.idempotencyKey === null ? undefined : knownByKey.get(keyOf(event));
    const droppedSoFar = dropped.get(event.stream) ?? 0;
    if (before === undefined) return [{ ...event, position: event.position - droppedSoFar }];
    if (!isSameFact(event, before)) throw idempotencyConflict(`key ${event.idempotencyKey} of stream ${event.stream}`);
    dropped.set(event.stream, droppedSoFar + 1);
    return [];
  });
}

function keyOf({ stream, idempotencyKey }: RecordedEvent): string {
  return JSON.stringify([stream, idempotencyKey]);
}

function isSameFact(one: RecordedEvent, other: RecordedEvent): boolean {
  return (
    one.type === other.type &&
    one.version === other.version &&
    one.artifact === other.artifact &&
    one.bodyText === other.bodyText
  );
}

/** The rows of all events, from the bodies and from the artifacts that are queued or were kept before. */
async function project(em: EntityManager, events: readonly RecordedEvent[], queued: Queued): Promise<RowChange[]> {
  const missing = events.flatMap(({ artifact }) =>
    artifact === null || queued.artifacts.has(artifact) ? [] : [artifact],
  );
  const kept = await createArtifactStore(() => em).getAll([...new Set(missing)]);
  return events.flatMap((event) => {
    if (event.artifact === null) return projectEvent(event, undefined);
    const artifact = queued.artifacts.get(event.artifact) ?? kept.get(event.artifact);
    if (artifact === undefined) {
      throw new FactoryError('artifact-missing', `The fact "${event.type}" names an artifact that was never kept.`, {
        fix: 'This is a fault of the workbench: report it with the log of this run.',
        isOwnFault: true,
      });
    }
    return projectEvent(event, artifact === 'erased' ? undefined : contentOf(artifact));
  });
}

async function append(em: EntityManager, events: readonly RecordedEvent[]): Promise<void> {
  const given = events.map((event) => ({
    stream: event.stream,
    expected: event.position - 1,
    type: event.type,
    version: event.version,
    actor: event.actor,
    agent: event.agent,
    task_id: event.taskId,
    run_id: event.runId,
    artifact: event.artifact,
    cause: event.cause,
    idempotency_key: event.idempotencyKey,
    at: event.at,
    body: event.bodyText,
  }));
  const appended = await runSql<{ appended: boolean }>(em, 'SELECT appended FROM ledger_append($1)', [
    JSON.stringify(given),
  ]);
  // Somebody recorded the same fact since it was looked up; its rows are written already, so these must go.
  if (appended.some((event) => !event.appended)) throw streamMoved('the same fact was recorded just now');
}

/** A row that is there twice is a stream that moved when the stream did move: the rows are written before the append. */
async function explain(em: EntityManager, error: unknown, events: readonly RecordedEvent[]): Promise<unknown> {
  const isRowFault =
    sqlState(error) === '23505' || (error instanceof FactoryError && error.code === 'projection-row-missing');
  if (!isRowFault || events.length === 0) return toFactoryError(error);
  const first = new Map<string, number>();
  for (const { stream, position } of events) if (!first.has(stream)) first.set(stream, position - 1);
  const rows = await runSql<{ stream: string; length: number }>(
    em,
    'SELECT stream, max(position) AS length FROM ledger WHERE stream = ANY ($1) GROUP BY stream',
    [[...first.keys()]],
  );
  const lengths = new Map(rows.map(({ stream, length }) => [stream, length]));
  const moved = [...first].find(([stream, expected]) => (lengths.get(stream) ?? 0) !== expected);
  if (moved !== undefined)
    return streamMoved(`${moved[0]} has ${lengths.get(moved[0]) ?? 0} events, not ${moved[1]}`, error);
  if (error instanceof FactoryError) return error;
  return new FactoryError('projection-conflict', 'A fact adds a row that is there already; nothing was kept.', {
    fix: 'Compare the tables with the ledger: workbench replay --verify',
    cause: error,
  });
}
