import pg from 'pg';
import { toPgConfig } from '#infra/postgres/connection-options.ts';
import { createUuidV7 } from '#infra/ids/uuid-v7.ts';
import { replay } from '#persistence/replay.ts';
import type { EventDraft } from '#src/ledger/event.ts';
import { draft, openTestStore, type TestStore } from '#test/persistence/support.ts';
import type { Measure, Table } from './table.ts';
import { median, show, timeMs } from './table.ts';

const CLIENTS = [1, 4, 16];
const APPENDS_A_CLIENT = 150;
const ROUNDS = 3;
const REPLAY_SIZES = [1000, 10_000, 100_000];
const ids = createUuidV7();

/** A fact that changes no rows, so that only the append is measured. */
function fact(): EventDraft {
  return draft('conversation.forgotten', { conversationId: ids.next() });
}

async function perSecond(clients: number, each: (client: number) => Promise<void>): Promise<number> {
  const ms = await timeMs(() =>
    Promise.all(
      Array.from({ length: clients }, async (_, client) => {
        for (let n = 0; n < APPENDS_A_CLIENT; n += 1) await each(client);
      }),
    ),
  );
  return (clients * APPENDS_A_CLIENT * 1000) / ms;
}

/** One row a transaction of the same bytes, by the same driver: what the store itself can do. */
async function measureBare(store: TestStore, clients: number): Promise<number> {
  const pool = new pg.Pool({ ...toPgConfig(store.database.connection), max: clients });
  await pool.query('CREATE TABLE IF NOT EXISTS bare (seq bigserial PRIMARY KEY, stream text, type text, actor text, at text, body text, prev_hash text, hash text)');
  const hash = '0'.repeat(64);
  const rate = await perSecond(clients, async () => {
    const { type, actor, at, body } = fact();
    await pool.query('INSERT INTO bare (stream, type, actor, at, body, prev_hash, hash) VALUES ($1, $2, $3, $4, $5, $6, $7)', [ids.next(), type, actor, at, JSON.stringify(body), hash, hash]);
  });
  await pool.end();
  return rate;
}

/** The ledger's own statement by the same driver: chain, head, positions. */
async function measureAppend(store: TestStore, clients: number): Promise<number> {
  return perSecond(clients, async () => {
    await store.unitOfWork.transact(async (transaction) => transaction.append(`bench:${ids.next()}`, 0, [fact()]));
  });
}

async function appendTable(): Promise<Table> {
  const store = await openTestStore();
  const rows: string[][] = [];
  for (const clients of CLIENTS) {
    const ours: number[] = [];
    const bare: number[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      bare.push(await measureBare(store, clients));
      ours.push(await measureAppend(store, clients));
    }
    rows.push([String(clients), show(median(ours), 0), show(median(bare), 0), show(median(ours) / median(bare), 2)]);
  }
  await store.close();
  return {
    title: 'Ledger append, one event a transaction, against a bare INSERT of the same bytes',
    columns: ['clients', 'appends/s', 'inserts/s', 'ratio (aim with one client: at least 0.5)'],
    rows,
    note: 'The append goes through the whole unit of work; the ledger has one writer at a time by design, so more clients do not make it faster.',
  };
}

async function replayTable(): Promise<Table> {
  const rows: string[][] = [];
  for (const size of REPLAY_SIZES) {
    const store = await openTestStore();
    for (let done = 0; done < size; done += 1000) {
      await store.unitOfWork.transact(async (transaction) => {
        for (let n = done; n < Math.min(size, done + 1000); n += 1) {
          const projectId = ids.next();
          transaction.append(`project:${projectId}`, 0, [draft('project.created', { projectId, slug: projectId, name: `Project ${n}` })]);
        }
      });
    }
    const foldMs = await timeMs(() => replay(store.orm, { verify: false }));
    const verifyMs = await timeMs(async () => {
      const { differences } = await replay(store.orm, { verify: true });
      if (differences.length > 0) throw new Error('the replay found differences');
    });
    rows.push([show(size, 0), show((size * 1000) / foldMs, 0), show((size * 1000) / verifyMs, 0)]);
    await store.close();
  }
  return { title: 'Replay', columns: ['events', 'folded/s', 'folded and compared with the tables/s'], rows };
}

export const ledgerMeasure: Measure = {
  name: 'ledger',
  run: async () => [await appendTable(), await replayTable()],
};
