import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { canonicalJson } from '#src/ledger/canonical-json.ts';
import { hashEvent } from '#src/ledger/hash-chain.ts';
import type { StoredEvent } from '#src/ledger/upcast.ts';
import { createLedgerReader } from '#persistence/ledger-reader.ts';
import { verifyLedger } from '#persistence/ledger-verify.ts';
import type { EntityManager } from '#persistence/orm.ts';
import { runSql } from '#persistence/sql.ts';
import { historyTypes, writeHistory } from '#test/persistence/history.ts';
import { openTestStore, type TestStore } from '#test/persistence/support.ts';

interface Column {
  name: string;
  isNumber: boolean;
  isNullable: boolean;
}

let store: TestStore;
let events: StoredEvent[];
let columns: Column[];
const em = () => store.orm.em.fork();

beforeAll(async () => {
  store = await openTestStore();
  await writeHistory(store.unitOfWork, 'one');
  events = await createLedgerReader(em).readStored(0, 10_000);
  columns = await runSql<Column>(
    em(),
    `SELECT column_name AS name, data_type IN ('bigint', 'integer') AS "isNumber", is_nullable = 'YES' AS "isNullable"
     FROM information_schema.columns WHERE table_name = 'ledger' AND table_schema = current_schema()`,
  );
});
afterAll(() => store.close());

/** Other values that somebody could put into a column, as SQL. */
function forgeries({ name, isNumber, isNullable }: Column): string[] {
  const column = `"${name}"`;
  const other = isNumber ? [`coalesce(${column}, 0) + 1000000`] : [`coalesce(${column}, '') || 'x'`];
  return isNullable ? [...other, `CASE WHEN ${column} IS NULL THEN ${isNumber ? '0' : "''"} END`] : other;
}

/** Changes one cell as the database's superuser could, hears what is said of it, and takes the change back. */
async function foundAfter(inside: EntityManager, column: string, forged: string, seq: number) {
  await runSql(inside, 'SAVEPOINT honest');
  await runSql(inside, `UPDATE ledger SET "${column}" = ${forged} WHERE seq = ${seq}`);
  const verdict = await verifyLedger(createLedgerReader(() => inside));
  await runSql(inside, 'ROLLBACK TO SAVEPOINT honest');
  return verdict;
}

describe('a ledger with every kind of fact', () => {
  it('has them all, and is whole', async () => {
    const types = new Set(events.map(({ type }) => type));
    expect(historyTypes.filter((type) => !types.has(type))).toEqual([]);
    expect(await verifyLedger(createLedgerReader(em))).toMatchObject({ verified: true, events: events.length });
    expect(columns.map(({ name }) => name)).toEqual(expect.arrayContaining(['seq', 'actor', 'body', 'hash']));
  });

  it('shows a change of any column of any event, and names the event (C31, I5)', { timeout: 240_000 }, async () => {
    const missed: string[] = [];
    let changes = 0;
    await em().transactional(async (inside) => {
      await runSql(inside, 'ALTER TABLE ledger DISABLE TRIGGER USER');
      for (const { seq, type } of events) {
        for (const column of columns) {
          for (const forged of forgeries(column)) {
            const { verified, firstBad } = await foundAfter(inside, column.name, forged, seq);
            changes += 1;
            if (verified || firstBad?.seq !== seq) missed.push(`${seq} ${type} ${column.name}: ${firstBad?.reason}`);
          }
        }
      }
      await runSql(inside, 'ALTER TABLE ledger ENABLE ALWAYS TRIGGER ledger_only_grows');
    });
    expect(missed).toEqual([]);
    expect(changes).toBeGreaterThan(events.length * columns.length);
    expect(await verifyLedger(createLedgerReader(em))).toMatchObject({ verified: true, events: events.length });
  });

  it('shows a change of any value in any body, also one that was given a right hash of its own (C31)', async () => {
    const honest = createLedgerReader(em);
    const head = await honest.head();
    const verifyWith = (forged: StoredEvent) =>
      verifyLedger({
        readStored: async (after, limit) =>
          events.map((event) => (event.seq === forged.seq ? forged : event)).slice(after, after + limit),
        head: async () => head,
      });
    const missed: string[] = [];
    let changes = 0;
    for (const event of events) {
      for (const bodyText of otherBodies(event.bodyText)) {
        const forged = { ...event, bodyText };
        const plain = await verifyWith(forged);
        const rehashed = await verifyWith({ ...forged, hash: hashEvent(forged) });
        changes += 1;
        // With a right hash it is the link of the next event that breaks, and after the last one the head disagrees.
        const next = Math.min(event.seq + 1, events.length);
        if (plain.firstBad?.seq !== event.seq || rehashed.firstBad?.seq !== next)
          missed.push(`${event.type}: ${bodyText}`);
      }
    }
    expect(missed).toEqual([]);
    expect(changes).toBeGreaterThan(events.length);
  });
});

/** The body with each of its values changed in turn. */
function otherBodies(bodyText: string): string[] {
  const leaves: string[] = [];
  const count = { seen: 0 };
  const forge = (value: unknown, wanted: number): unknown => {
    if (Array.isArray(value)) return value.map((item: unknown) => forge(item, wanted));
    if (value !== null && typeof value === 'object')
      return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, forge(item, wanted)]));
    count.seen += 1;
    return count.seen === wanted ? otherThan(value) : value;
  };
  for (let wanted = 1; ; wanted += 1) {
    count.seen = 0;
    const forged = forge(JSON.parse(bodyText), wanted);
    if (count.seen < wanted) return leaves;
    leaves.push(canonicalJson(forged));
  }
}

function otherThan(value: unknown): unknown {
  if (typeof value === 'number') return value + 1;
  if (typeof value === 'boolean') return !value;
  return typeof value === 'string' ? `${value}x` : 'x';
}
