import { IsolationLevel } from '@mikro-orm/core';
import { FactoryError } from '#src/errors.ts';
import { hashConversation } from '#src/intake/conversation-hash.ts';
import { contentOf } from '#src/ledger/artifact.ts';
import { isEvent, type RecordedEvent } from '#src/ledger/event.ts';
import { requireNextEvent } from '#src/ledger/ledger-gap.ts';
import { compareTable, type Difference, LedgerFold } from '#src/ledger/replay.ts';
import type { ProjectionTable, RowChange, Rows } from '#src/ledger/rows.ts';
import { createArtifactStore } from './artifact-store.ts';
import { readMessages } from './conversation-store.ts';
import { createLedgerReader } from './ledger-reader.ts';
import type { EntityManager, Orm } from './orm.ts';
import { projectionTables } from './projection-entities.ts';
import { runSql } from './sql.ts';
import { readRows } from './table-reader.ts';

/** Events folded at a time. */
const EVENT_BATCH = 1_000;

export interface ReplayReport {
  /** The run that was asked for; null: everything. */
  run: string | null;
  events: number;
  differences: Difference[];
}

/**
 * Rebuilds the projection tables from the ledger in memory and, with `verify`, compares them with the real ones cell
 * by cell, conversations with the count and hash that the ledger pins, and artifacts with their hashes. With a run,
 * only what the events of that run's task touch is counted and compared. Changes nothing, and looks at one snapshot,
 * so the factory may be at work. Throws FactoryError `run-not-found`, and `ledger-gap` where an event is missing.
 */
export async function replay(
  orm: Orm,
  { run = null, verify }: { run?: string | null; verify: boolean },
): Promise<ReplayReport> {
  return orm.em.fork().transactional(
    async (em) => {
      const scope = run === null ? everything : await scopeOfRun(em, run);
      const { fold, pins, touched, artifacts, events } = await foldAll(em, scope);
      if (!verify) return { run, events, differences: [] };
      const differences = [
        ...(await compareProjections(em, fold, run === null ? null : touched)),
        ...(await comparePins(em, pins)),
        ...(await compareArtifacts(em, run === null ? null : [...artifacts])),
        ...(await findMissingArtifacts(em, [...artifacts])),
      ];
      return { run, events, differences };
    },
    { isolationLevel: IsolationLevel.REPEATABLE_READ, readOnly: true },
  );
}

type Scope = (event: RecordedEvent) => boolean;
const everything: Scope = () => true;

async function scopeOfRun(em: EntityManager, run: string): Promise<Scope> {
  const [found] = await runSql<{ taskId: string | null }>(
    em,
    'SELECT task_id AS "taskId" FROM ledger WHERE run_id = $1 ORDER BY seq LIMIT 1',
    [run],
  );
  if (found === undefined) {
    throw new FactoryError('run-not-found', `The ledger has no run ${run}.`, {
      fix: 'Look up the run on the task’s page, or leave it out to replay everything.',
    });
  }
  return ({ runId, taskId }) => runId === run || (taskId !== null && taskId === found.taskId);
}

/** What the ledger says a conversation holds; `forgotten` once its words were erased. */
type Pin = { messageCount: number; contentHash: string } | 'forgotten';

async function foldAll(em: EntityManager, scope: Scope) {
  const ledger = createLedgerReader(() => em);
  const store = createArtifactStore(() => em);
  const fold = new LedgerFold();
  const pins = new Map<string, Pin>();
  const touched = new Map<ProjectionTable, Set<string>>();
  const artifacts = new Set<string>();
  let events = 0;
  for (let seq = 0; ; ) {
    const batch = await ledger.read(seq, EVENT_BATCH);
    const contents = await store.getAll(batch.flatMap(({ artifact }) => artifact ?? []));
    for (const event of batch) {
      requireNextEvent(event, seq);
      const artifact = contents.get(event.artifact ?? '');
      const changes = fold.apply(
        event,
        artifact === undefined || artifact === 'erased' ? undefined : contentOf(artifact),
      );
      seq = event.seq;
      if (!scope(event)) continue;
      events += 1;
      notePin(pins, event);
      for (const change of changes) noteTouched(touched, change);
      if (event.artifact !== null) artifacts.add(event.artifact);
    }
    if (batch.length < EVENT_BATCH) return { fold, pins, touched, artifacts, events };
  }
}

function notePin(pins: Map<string, Pin>, event: RecordedEvent): void {
  if (isEvent(event, 'conversation.ingested')) pins.set(event.body.conversationId, event.body);
  else if (isEvent(event, 'conversation.forgotten')) pins.set(event.body.conversationId, 'forgotten');
}

function noteTouched(touched: Map<ProjectionTable, Set<string>>, change: RowChange): void {
  const ids = touched.get(change.table) ?? new Set<string>();
  touched.set(change.table, ids);
  if (change.op === 'insert') ids.add(change.row.id);
  else if (change.op === 'update') ids.add(change.id);
  else for (const row of change.rows) ids.add(row.id);
}

/** One table after the other, so that only one is in memory. With `touched`, only those rows. */
async function compareProjections(
  em: EntityManager,
  fold: LedgerFold,
  touched: ReadonlyMap<ProjectionTable, ReadonlySet<string>> | null,
): Promise<Difference[]> {
  const differences: Difference[] = [];
  for (const table of projectionTables) {
    const folded = fold.tables.get(table);
    if (touched === null) {
      differences.push(...compareTable(table, folded, await readRows(em, table, {})));
      continue;
    }
    const ids = [...(touched.get(table) ?? [])];
    if (ids.length === 0) continue;
    const rows = new Map(
      ids.flatMap((id) => {
        const row = folded?.rows.get(id);
        return row === undefined ? [] : [[id, row] as const];
      }),
    );
    const actual = await readRows(em, table, { id: ids } as Partial<Record<keyof Rows[typeof table], string[]>>);
    differences.push(...compareTable(table, { rows }, actual));
  }
  return differences;
}

async function comparePins(em: EntityManager, pins: ReadonlyMap<string, Pin>): Promise<Difference[]> {
  const differences: Difference[] = [];
  for (const [id, pin] of pins) {
    const difference = (column: string, ledger: unknown, row: unknown): void => {
      if (ledger !== row) differences.push({ table: 'conversations', id, column, ledger, row });
    };
    const [kept] = await runSql<{ forgotten: boolean }>(
      em,
      'SELECT forgotten_at IS NOT NULL AS forgotten FROM conversations WHERE id = $1',
      [id],
    );
    if (kept === undefined) difference('id', id, null);
    else if (pin === 'forgotten') difference('forgottenAt', true, kept.forgotten);
    else if (!kept.forgotten) {
      const messages = await readMessages(em, id);
      difference('messageCount', pin.messageCount, messages.length);
      difference('contentHash', pin.contentHash, hashConversation({ messages }));
    }
  }
  return differences;
}

/** Content that is not what its hash says. Erased content is nobody's fault. */
async function compareArtifacts(em: EntityManager, hashes: readonly string[] | null): Promise<Difference[]> {
  const rows = await runSql<{ hash: string; actual: string }>(
    em,
    `SELECT hash, actual FROM (
       SELECT hash, encode(sha256(convert_to(content, 'UTF8')), 'hex') AS actual FROM artifacts
       WHERE content IS NOT NULL AND ($1::text[] IS NULL OR hash = ANY ($1))) AS hashed
     WHERE actual <> hash ORDER BY hash`,
    [hashes],
  );
  return rows.map(({ hash, actual }) => ({
    table: 'artifacts',
    id: hash,
    column: 'content',
    ledger: hash,
    row: actual,
  }));
}

async function findMissingArtifacts(em: EntityManager, hashes: readonly string[]): Promise<Difference[]> {
  const rows = await runSql<{ hash: string }>(
    em,
    'SELECT hash FROM unnest($1::text[]) AS named (hash) WHERE NOT EXISTS (SELECT FROM artifacts WHERE artifacts.hash = named.hash)',
    [hashes],
  );
  return rows.map(({ hash }) => ({ table: 'artifacts', id: hash, column: 'hash', ledger: hash, row: null }));
}
