import pg from 'pg';
import { canonicalJson } from '#src/ledger/canonical-json.ts';
import type { EventDraft } from '#src/ledger/event.ts';
import { pgConfig } from '#persistence/connection.ts';
import { createLedgerReader } from '#persistence/ledger-reader.ts';
import { verifyLedger } from '#persistence/ledger-verify.ts';
import { replay } from '#persistence/replay.ts';
import { draft, openTestStore, project, type TestStore } from '#test/persistence/support.ts';
import { type Measure, median, show, type Table, timeMs } from './table.ts';

const CLIENTS = [1, 4, 16];
const WRITES = 1_600;
const ROUNDS = 5;
const REPLAY_SIZES = [1_000, 10_000, 100_000];
const EVENTS_A_TRANSACTION = 1_000;

/** About what a step of a task records. */
function step(stream: string): Record<string, unknown> {
  const body = canonicalJson({
    taskId: '01890000-0000-7000-8000-000000000001',
    runId: '01890000-0000-7000-8000-000000000002',
    attempt: 1,
    timing: { startedAt: '2026-11-20T09:00:00.000Z', durationMs: 12.5 },
    headSha: 'a'.repeat(40),
  });
  return {
    stream,
    expected: 0,
    type: 'code.generated',
    version: 1,
    actor: 'persona:ollan',
    agent: 'ollan',
    task_id: '01890000-0000-7000-8000-000000000001',
    run_id: '01890000-0000-7000-8000-000000000002',
    artifact: 'b'.repeat(64),
    cause: '41',
    idempotency_key: null,
    at: '2026-11-20T09:00:00.000Z',
    body,
  };
}

const bareColumns = [
  'stream',
  'type',
  'version',
  'actor',
  'agent',
  'task_id',
  'run_id',
  'artifact',
  'cause',
  'at',
  'body',
];

const bareInsert = {
  name: 'bare',
  text: `INSERT INTO bare (${bareColumns.join(', ')}) VALUES (${bareColumns.map((_, n) => `$${n + 1}`).join(', ')})`,
};

type Write = (client: pg.PoolClient, event: Record<string, unknown>) => Promise<unknown>;
const writeBare: Write = (client, event) =>
  client.query({ ...bareInsert, values: bareColumns.map((column) => event[column]) });
const writeLedger: Write = (client, event) =>
  client.query({ name: 'ledger', text: 'SELECT seq FROM ledger_append($1)', values: [JSON.stringify([event])] });

let streams = 0;

/** The same event through the whole unit of work: its check, its projection (no rows), BEGIN, append, COMMIT. */
async function wholeRate(store: TestStore, clients: number): Promise<number> {
  const fact = draft('conversation.forgotten', { conversationId: 'bench' });
  const tookMs = await timeMs(() =>
    Promise.all(
      Array.from({ length: clients }, async () => {
        for (let n = 0; n < WRITES / clients; n += 1) {
          const stream = `bench:${(streams += 1)}`;
          await store.unitOfWork.transact(async (transaction) => transaction.append(stream, 0, [fact]));
        }
      }),
    ),
  );
  return (WRITES * 1_000) / tookMs;
}

/** Commits a second with so many clients at once, one event a transaction. */
async function rate(pool: pg.Pool, clients: number, write: Write): Promise<number> {
  const tookMs = await timeMs(() =>
    Promise.all(
      Array.from({ length: clients }, async () => {
        const client = await pool.connect();
        for (let n = 0; n < WRITES / clients; n += 1) await write(client, step(`task:${(streams += 1)}`));
        client.release();
      }),
    ),
  );
  return (WRITES * 1_000) / tookMs;
}

async function measureAppend(store: TestStore): Promise<Table> {
  const pool = new pg.Pool({ ...pgConfig(store.database.connection, 'bench'), max: Math.max(...CLIENTS) });
  pool.on('error', () => {});
  await pool.query(
    `CREATE TABLE bare (id bigserial PRIMARY KEY, stream text, type text, version int, actor text, agent text, task_id text,
       run_id text, artifact text, cause text, at text, body text)`,
  );
  const rows: string[][] = [];
  for (const clients of CLIENTS) {
    const bare: number[] = [];
    const ledger: number[] = [];
    const whole: number[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      bare.push(await rate(pool, clients, writeBare));
      ledger.push(await rate(pool, clients, writeLedger));
      whole.push(await wholeRate(store, clients));
    }
    const ratios = ledger.map((value, round) => value / (bare[round] ?? Number.NaN));
    rows.push([
      show(clients),
      show(median(bare), 0),
      show(median(ledger), 0),
      show(median(ratios), 2),
      show(median(whole), 0),
    ]);
  }
  await pool.end();
  return {
    title: 'Ledger append against a bare INSERT of the same bytes',
    columns: ['clients', 'bare/s', 'append/s', 'ratio (aim with one client: at least 0.5)', 'whole units of work/s'],
    rows,
    note: 'One event a transaction, each on a new stream. Appends wait for each other: that is what makes the numbers gap-free.',
  };
}

/** A project with two sprints, of which one is closed, and a step: four events, three rows. */
function story(n: number): [string, EventDraft[]] {
  const sprint = (number: number) =>
    draft('sprint.started', {
      sprintId: `s${n}-${number}`,
      projectId: `p${n}`,
      number,
      startsAt: '2026-11-20T09:00:00.000Z',
      endsAt: '2026-11-27T09:00:00.000Z',
    });
  const events = [project(`p${n}`), sprint(1), draft('sprint.closed', { sprintId: `s${n}-1` }), sprint(2)];
  return [`project:p${n}`, events];
}

async function measureReplay(): Promise<Table> {
  const rows: string[][] = [];
  for (const size of REPLAY_SIZES) {
    const store = await openTestStore();
    try {
      let next = 0;
      for (let written = 0; written < size; written += EVENTS_A_TRANSACTION) {
        await store.unitOfWork.transact(async (transaction) => {
          for (let n = 0; n < EVENTS_A_TRANSACTION / 4; n += 1) {
            const [stream, events] = story((next += 1));
            transaction.append(stream, 0, events);
          }
        });
      }
      const reader = createLedgerReader(() => store.orm.em.fork());
      const perSecond = async (work: () => Promise<unknown>) => {
        const times: number[] = [];
        for (let round = 0; round < 3; round += 1) times.push(await timeMs(work));
        return show((size * 1_000) / median(times), 0);
      };
      rows.push([
        show(size),
        await perSecond(() => verifyLedger(reader)),
        await perSecond(() => replay(store.orm, { verify: false })),
        await perSecond(() => replay(store.orm, { verify: true })),
      ]);
    } finally {
      await store.close();
    }
  }
  return {
    title: 'Reading the ledger again, events a second',
    columns: ['events', 'ledger verify', 'replay', 'replay --verify'],
    rows,
    note: 'Four events make three rows; `--verify` also reads every row and compares it cell by cell.',
  };
}

/** What the append costs, and how fast the ledger is checked and folded. */
export const ledgerMeasure: Measure = {
  name: 'ledger',
  async run() {
    const store = await openTestStore();
    try {
      return [await measureAppend(store), await measureReplay()];
    } finally {
      await store.close();
    }
  },
};
