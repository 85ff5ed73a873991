import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { LedgerAnchor } from '#src/ledger/anchor.ts';
import { ChainVerifier, hashEvent } from '#src/ledger/hash-chain.ts';
import { createLedgerReader } from '#persistence/ledger-reader.ts';
import { verifyLedger } from '#persistence/ledger-verify.ts';
import { runSql } from '#persistence/sql.ts';
import { draft, openTestStore, project, type TestStore } from './support.ts';

let store: TestStore;
const em = () => store.orm.em.fork();
const verify = (anchors: readonly LedgerAnchor[] = []) => verifyLedger(createLedgerReader(em), anchors);

beforeAll(async () => {
  store = await openTestStore();
  await store.unitOfWork.transact(async (transaction) => {
    for (const id of ['a', 'b', 'c', 'd']) transaction.append(`project:${id}`, 0, [project(id)]);
    transaction.append('task:t', 0, [
      draft(
        'pass.started',
        { taskId: 't', fence: 1 },
        { agent: 'tess', taskId: 't', runId: 'r', cause: '3', idempotencyKey: 'k' },
      ),
    ]);
  });
});

afterAll(() => store.close());

/** What somebody with the owner's rights could do, and then put back. */
async function tamper(statement: string): Promise<void> {
  await em().transactional(async (inside) => {
    await runSql(inside, 'ALTER TABLE ledger DISABLE TRIGGER USER');
    await runSql(inside, statement);
    await runSql(inside, 'ALTER TABLE ledger ENABLE ALWAYS TRIGGER ledger_only_grows');
  });
}

describe('verifyLedger', () => {
  beforeEach(async () => {
    await runSql(em(), 'CREATE TABLE IF NOT EXISTS honest AS SELECT * FROM ledger');
    await runSql(em(), 'CREATE TABLE IF NOT EXISTS honest_head AS SELECT * FROM ledger_head');
    await tamper('DELETE FROM ledger');
    await runSql(em(), 'INSERT INTO ledger SELECT * FROM honest');
    await runSql(em(), 'UPDATE ledger_head SET seq = honest_head.seq, hash = honest_head.hash FROM honest_head');
  });

  it('finds an honest ledger whole', async () => {
    const verdict = await verify();
    expect(verdict).toMatchObject({ events: 5, verified: true, firstBad: null });
    expect(verdict.head.seq).toBe(5);
  });

  it.each([
    ['stream', "'project:z'"],
    ['position', 'position + 7'],
    ['type', "'task.resumed'"],
    ['version', 'version + 1'],
    ['actor', "'eve'"],
    ['agent', "coalesce(agent, '') || 'x'"],
    ['agent', "CASE WHEN agent IS NULL THEN '' END"],
    ['task_id', "'other'"],
    ['run_id', "'other'"],
    ['artifact', "repeat('0', 64)"],
    ['cause', "'9'"],
    ['idempotency_key', "'other'"],
    ['at', "'2026-11-20T09:00:00.001Z'"],
    ['body', "body || ' '"],
    ['prev_hash', "repeat('0', 64)"],
    ['hash', "repeat('0', 64)"],
  ])('finds a changed %s (%s)', async (column, value) => {
    let found = 0;
    for (const seq of [2, 5]) {
      await tamper(`UPDATE ledger SET ${column} = ${value} WHERE seq = ${seq}`);
      const changed = await runSql(
        em(),
        `SELECT FROM ledger JOIN honest USING (seq) WHERE ledger.${column} IS DISTINCT FROM honest.${column}`,
      );
      if (changed.length === 0) continue;
      found += 1;
      expect(await verify()).toMatchObject({ verified: false, firstBad: { seq }, events: seq - 1 });
      await tamper(`UPDATE ledger SET ${column} = honest.${column} FROM honest WHERE honest.seq = ledger.seq`);
    }
    expect(found).toBeGreaterThan(0);
  });

  it('finds a changed number, a missing event and a swapped pair (C31)', async () => {
    await tamper('UPDATE ledger SET seq = 9 WHERE seq = 5');
    expect((await verify()).firstBad).toEqual({ seq: 5, reason: 'event 5 is missing; 9 came instead' });
    await tamper('DELETE FROM ledger WHERE seq = 2');
    expect((await verify()).firstBad?.seq).toBe(2);
  });

  it('finds an event that was rewritten with a right hash of its own: the next one does not link to it', async () => {
    const [, second] = await createLedgerReader(em).readStored(0, 2);
    if (second === undefined) throw new Error('the ledger is empty');
    const hash = hashEvent({ ...second, actor: 'eve' });
    await tamper(`UPDATE ledger SET actor = 'eve', hash = '${hash}' WHERE seq = 2`);
    expect((await verify()).firstBad).toEqual({ seq: 3, reason: 'its link to the event before does not match' });
  });

  it('finds that the tail was cut off (C31)', async () => {
    await tamper('DELETE FROM ledger WHERE seq > 3');
    const verdict = await verify();
    expect(verdict).toMatchObject({ events: 3, verified: false, firstBad: { seq: 4 } });
    expect(verdict.firstBad?.reason).toContain('head disagrees');
  });

  it('finds a head that was set to other values', async () => {
    await runSql(em(), "UPDATE ledger_head SET hash = repeat('0', 64)");
    expect((await verify()).verified).toBe(false);
    await runSql(em(), 'UPDATE ledger_head SET seq = 4, hash = (SELECT hash FROM ledger WHERE seq = 5)');
    expect((await verify()).verified).toBe(false);
  });

  it('finds by a head noted elsewhere that a cut tail was hidden, head row and all (C31)', async () => {
    const noted = { at: '2026-11-20T10:00:00.000Z', ...(await verify()).head };
    await tamper('DELETE FROM ledger WHERE seq > 3');
    await runSql(em(), 'UPDATE ledger_head SET seq = 3, hash = (SELECT hash FROM ledger WHERE seq = 3)');
    expect(await verify()).toMatchObject({ verified: true });
    expect(await verify([noted])).toMatchObject({
      verified: false,
      anchors: 1,
      firstBad: { seq: 4, reason: 'the ledger ends here, and the anchor 5 of 2026-11-20T10:00:00.000Z speaks of more' },
    });
  });

  it('finds by a head noted elsewhere that the chain was rewritten whole (C31)', async () => {
    const noted = { at: null, ...(await verify()).head };
    const chain = new ChainVerifier();
    for (const stored of await createLedgerReader(em).readStored(0, 10)) {
      const event = { ...stored, actor: stored.seq === 2 ? 'eve' : stored.actor, prevHash: chain.head.hash };
      const hash = hashEvent(event);
      chain.check({ ...event, hash });
      await tamper(
        `UPDATE ledger SET actor = '${event.actor}', prev_hash = '${event.prevHash}', hash = '${hash}' WHERE seq = ${event.seq}`,
      );
    }
    await runSql(em(), `UPDATE ledger_head SET hash = '${chain.head.hash}'`);
    expect(await verify()).toMatchObject({ verified: true });
    expect(await verify([noted])).toMatchObject({
      verified: false,
      firstBad: { seq: 5, reason: 'it is not the event that the anchor 5 speaks of' },
    });
    expect(await verify([{ at: null, ...chain.head }])).toMatchObject({ verified: true, anchors: 1 });
  });

  it('finds an empty ledger whose events are all gone', async () => {
    await tamper('DELETE FROM ledger');
    expect(await verify()).toMatchObject({ events: 0, verified: false, firstBad: { seq: 1 } });
  });
});
