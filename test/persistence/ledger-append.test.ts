import pg from 'pg';
import { afterAll, describe, expect, it } from 'vitest';
import { ChainVerifier, GENESIS_HASH, hashEvent } from '#src/ledger/hash-chain.ts';
import type { StoredEvent } from '#src/ledger/upcast.ts';
import { pgConfig } from '#persistence/connection.ts';
import { createLedgerReader } from '#persistence/ledger-reader.ts';
import { openTestStore } from './support.ts';

const store = await openTestStore();
const reader = createLedgerReader(() => store.orm.em.fork());
const pool = new pg.Pool({ ...pgConfig(store.database.connection, 'test'), max: 16 });
pool.on('error', () => {});
const superuser = await findSuperuser();

afterAll(async () => {
  await superuser?.end();
  await pool.end();
  await store.close();
});

interface Given {
  stream: string;
  expected: number;
  type: string;
  version: number;
  actor: string;
  agent: string | null;
  task_id: string | null;
  run_id: string | null;
  artifact: string | null;
  cause: string | null;
  idempotency_key: string | null;
  at: string;
  body: string;
}

function given(stream: string, expected: number, rest: Partial<Given> = {}): Given {
  return {
    stream,
    expected,
    type: 'task.paused',
    version: 1,
    actor: 'ada',
    agent: null,
    task_id: null,
    run_id: null,
    artifact: null,
    cause: null,
    idempotency_key: null,
    at: '2026-11-20T09:00:00.000Z',
    body: '{}',
    ...rest,
  };
}

type Appended = { seq: string; position: number; hash: string; appended: boolean };

async function append(events: Given[], client: pg.Pool | pg.PoolClient = pool): Promise<Appended[]> {
  const { rows } = await client.query<Appended>('SELECT seq, position, hash, appended FROM ledger_append($1)', [
    JSON.stringify(events),
  ]);
  return rows;
}

async function allEvents(): Promise<StoredEvent[]> {
  return reader.readStored(0, 100_000);
}

async function expectWholeChain(): Promise<void> {
  const events = await allEvents();
  const chain = new ChainVerifier();
  expect(events.map((event) => chain.check(event)).filter((fault) => fault !== null)).toEqual([]);
  expect(await reader.head()).toEqual(chain.head);
}

describe('ledger_append', () => {
  it('starts at the genesis hash and hashes as TypeScript does, whatever the text', async () => {
    expect(await reader.head()).toEqual({ seq: 0, hash: GENESIS_HASH });
    const texts = [
      '{}',
      '{"a":"é"}',
      '{"a":"😀 \\u0000 \\ud83d"}',
      '{"a":"שלום\\n\\t"}',
      `"${'𝔘'.repeat(5_000)}"`,
      '',
      ':',
      '-1:',
    ];
    for (const [index, body] of texts.entries())
      await append([given(`text:${index}é`, 0, { body, actor: `a${index}ß` })]);
    await append([
      given('full:é', 0, {
        agent: '',
        task_id: 't:1',
        run_id: '-1:',
        artifact: 'f'.repeat(64),
        cause: '12',
        idempotency_key: 'k😀',
      }),
    ]);
    const events = await allEvents();
    expect(events).toHaveLength(texts.length + 1);
    for (const event of events) expect(event.hash).toBe(hashEvent(event));
    expect(events.map(({ bodyText }) => bodyText).slice(0, texts.length)).toEqual(texts);
    await expectWholeChain();
  });

  it('appends a batch for several streams in the order given', async () => {
    const from = (await reader.head()).seq;
    const appended = await append([given('mix:a', 0), given('mix:b', 0), given('mix:a', 1), given('mix:b', 1)]);
    expect(appended.map(({ seq, position }) => [Number(seq) - from, position])).toEqual([
      [1, 1],
      [2, 1],
      [3, 2],
      [4, 2],
    ]);
    await expectWholeChain();
  });

  it('refuses a stream that has another length, and keeps nothing of the batch', async () => {
    await append([given('moved:a', 0)]);
    const head = await reader.head();
    await expect(append([given('moved:b', 0), given('moved:a', 0)])).rejects.toMatchObject({ code: 'FWL01' });
    await expect(append([given('moved:a', 2)])).rejects.toMatchObject({ code: 'FWL01' });
    expect(await reader.head()).toEqual(head);
  });

  it('answers a known key with the recorded event and refuses other content under it', async () => {
    const first = given('key:a', 0, { idempotency_key: 'k1', body: '{"n":1}' });
    const [original] = await append([first]);
    await append([given('key:a', 1)]);
    const [again] = await append([first]);
    expect(again).toEqual({ ...original, appended: false });
    for (const other of [{ body: '{"n":2}' }, { type: 'task.resumed' }, { version: 2 }, { artifact: 'a'.repeat(64) }]) {
      await expect(append([{ ...first, ...other }])).rejects.toMatchObject({ code: 'FWL02' });
    }
    const [elsewhere] = await append([{ ...first, stream: 'key:b' }]);
    expect(elsewhere?.appended).toBe(true);
    await expectWholeChain();
  });

  it('has no gaps and a whole chain after 16 clients with rollbacks', async () => {
    const before = await reader.head();
    const clients = 16;
    const each = 25;
    let kept = 0;
    await Promise.all(
      Array.from({ length: clients }, async (_, client) => {
        for (let n = 0; n < each; n += 1) {
          const connection = await pool.connect();
          try {
            await connection.query('BEGIN');
            await append([given(`many:${client}-${n}`, 0), given(`many:${client}-${n}`, 1)], connection);
            const giveUp = (client + n) % 5 === 0;
            await connection.query(giveUp ? 'ROLLBACK' : 'COMMIT');
            if (!giveUp) kept += 2;
          } finally {
            connection.release();
          }
        }
      }),
    );
    const after = await reader.head();
    expect(kept).toBeGreaterThan(0);
    expect(after.seq - before.seq).toBe(kept);
    await expectWholeChain();
  });

  it('lets exactly one of 16 writers have a position', async () => {
    const outcomes = await Promise.allSettled(Array.from({ length: 16 }, () => append([given('race', 0)])));
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    for (const outcome of outcomes)
      if (outcome.status === 'rejected') expect(outcome.reason).toMatchObject({ code: 'FWL01' });
  });
});

const refused = [
  "UPDATE ledger SET body = '{}' WHERE seq = 1",
  'UPDATE ledger SET body = body WHERE false',
  'DELETE FROM ledger WHERE seq = 1',
  'TRUNCATE ledger',
  'DELETE FROM ledger_head',
  'TRUNCATE ledger_head',
];

describe('the ledger only grows', () => {
  it.each(refused)('refuses %s (C31)', async (statement) => {
    await expect(pool.query(statement)).rejects.toMatchObject({ code: 'FWL03' });
  });

  it('has one head row and no second', async () => {
    await expect(pool.query("INSERT INTO ledger_head (one, seq, hash) VALUES (true, 0, '')")).rejects.toMatchObject({
      code: '23505',
    });
    await expect(pool.query("INSERT INTO ledger_head (one, seq, hash) VALUES (false, 0, '')")).rejects.toMatchObject({
      code: '23514',
    });
  });

  it('has triggers that fire whatever session_replication_role says', async () => {
    const { rows } = await pool.query<{ enabled: string }>(
      "SELECT tgenabled AS enabled FROM pg_trigger WHERE tgname IN ('ledger_only_grows', 'ledger_head_stays')",
    );
    expect(rows.map(({ enabled }) => enabled)).toEqual(['A', 'A']);
  });
});

describe.skipIf(superuser === null)('the ledger and a superuser (skipped where "postgres" needs a password)', () => {
  it.each(refused)('refuses %s (C31)', async (statement) => {
    await superuser?.query('SET session_replication_role = replica');
    await expect(superuser?.query(statement)).rejects.toMatchObject({ code: 'FWL03' });
  });
});

async function findSuperuser(): Promise<pg.Client | null> {
  const { password: _, ...rest } = store.database.connection;
  const client = new pg.Client(pgConfig({ ...rest, user: 'postgres' }, 'test superuser'));
  client.on('error', () => {});
  try {
    await client.connect();
    return client;
  } catch {
    return null;
  }
}
