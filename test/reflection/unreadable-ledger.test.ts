import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createLedgerReader } from '#persistence/ledger-reader.ts';
import { replay } from '#persistence/replay.ts';
import { runSql } from '#persistence/sql.ts';
import { createUuidV7 } from '#infra/ids/uuid-v7.ts';
import type { Clock } from '#src/ports/clock.ts';
import { holdRetrospective } from '#src/reflection/digest/hold.ts';
import { turnAt } from '#src/reflection/digest/week.ts';
import { readHistories } from '#src/reflection/read-histories.ts';
import { tellRun } from '#src/reflection/run-story.ts';
import { writeHistory } from '#test/persistence/history.ts';
import { openTestStore, type TestStore } from '#test/persistence/support.ts';

const NOW = new Date('2026-11-23T09:00:00.000Z');
const clock: Clock = { now: () => NOW };
/** Of the task whose run is told. */
const TASK = "stream = 'task:one-t1'";

let store: TestStore;
const em = () => store.orm.em.fork();

beforeAll(async () => {
  store = await openTestStore();
  await writeHistory(store.unitOfWork, 'one');
  await runSql(em(), 'CREATE TABLE honest AS SELECT * FROM ledger');
});
afterAll(() => store.close());

/** What somebody with the owner's rights could do, or a newer workbench that wrote here before. */
async function byHand(statement: string): Promise<void> {
  await em().transactional(async (inside) => {
    await runSql(inside, 'ALTER TABLE ledger DISABLE TRIGGER USER');
    await runSql(inside, statement);
    await runSql(inside, 'ALTER TABLE ledger ENABLE ALWAYS TRIGGER ledger_only_grows');
  });
}

/** Each of those that read the whole ledger, or a run of it. */
const readers: Readonly<Record<string, () => Promise<unknown>>> = {
  'retro reads': () => readHistories(store.unitOfWork.ledger),
  'replay reads': () => replay(store.orm, { verify: true }),
  'replay tells': () => tellRun(store.unitOfWork, 'one-t1-r'),
  'the week is looked back on': () =>
    holdRetrospective(
      { unitOfWork: store.unitOfWork, clock, ids: createUuidV7(clock) },
      { projectId: 'one-p', ...turnAt(NOW, 'UTC') },
    ),
};

/** Everything that somebody could have begun to write. */
async function written(): Promise<unknown> {
  const [counts] = await runSql(
    em(),
    `SELECT (SELECT count(*) FROM ledger) AS events, (SELECT count(*) FROM artifacts) AS artifacts,
       (SELECT count(*) FROM lessons) AS lessons, (SELECT count(*) FROM retrospectives) AS retrospectives,
       (SELECT count(*) FROM outbox) AS outbox`,
  );
  return [counts, await createLedgerReader(em).head()];
}

describe.each(Object.keys(readers))('where %s', (reader) => {
  it.each([
    [
      'an event is missing',
      `DELETE FROM ledger WHERE ${TASK} AND position = 3`,
      { code: 'ledger-gap', message: / has no event \d+; event \d+ .*comes next\.$/, fix: /ledger verify/ },
    ],
    [
      'an event is of a type that nobody knows',
      `UPDATE ledger SET type = 'dream.dreamt' WHERE seq = (SELECT max(seq) FROM ledger WHERE ${TASK})`,
      {
        code: 'ledger-unknown-event',
        message: /^Event \d+ \(dream\.dreamt, version 1\) cannot be read/,
        fix: /newest/,
      },
    ],
    [
      'an event is of a version from later',
      `UPDATE ledger SET version = 7 WHERE seq = (SELECT max(seq) FROM ledger WHERE ${TASK})`,
      {
        code: 'ledger-unknown-event',
        message: /version 7\) cannot be read: the newest version known here/,
        fix: /newest/,
      },
    ],
  ])('and %s, it stops with a sentence and writes nothing (F28, I5)', async (_what, statement, fault) => {
    await byHand(statement);
    const before = await written();
    const error: unknown = await readers[reader]?.().then(
      () => null,
      (reason: unknown) => reason,
    );
    expect(error).toMatchObject({
      code: fault.code,
      message: expect.stringMatching(fault.message),
      fix: expect.stringMatching(fault.fix),
    });
    expect(await written()).toEqual(before);
    await byHand('DELETE FROM ledger');
    await runSql(em(), 'INSERT INTO ledger SELECT * FROM honest');
  });
});

describe('an honest ledger', () => {
  it.each(Object.keys(readers))('lets it go on where %s', async (reader) => {
    expect(await readers[reader]?.()).toBeTruthy();
  });
});
