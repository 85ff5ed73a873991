import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { silentLog } from '#src/ports/log.ts';
import { createLockSession, type LockSession } from '#persistence/lock-session.ts';
import { runSql } from '#persistence/sql.ts';
import { startChild } from './child.ts';
import { openTestStore, type TestStore } from './support.ts';

let store: TestStore;
let here: LockSession;
let there: LockSession;

beforeAll(async () => {
  store = await openTestStore();
  here = createLockSession(store.database.connection, silentLog);
  there = createLockSession(store.database.connection, silentLog);
});
afterAll(async () => {
  await Promise.all([here.close(), there.close()]);
  await store.close();
});

/** Holds a lock until it is told to let go. */
async function hold(locks: LockSession, key: string) {
  const letGo = Promise.withResolvers<void>();
  const started = Promise.withResolvers<void>();
  const ended = locks.withLock(key, async () => {
    started.resolve();
    await letGo.promise;
    return 'done';
  });
  await started.promise;
  return { letGo: letGo.resolve, ended };
}

const never = async () => expect.unreachable('ran under a lock that somebody else has');
const run = (locks: LockSession, key: string) => locks.withLock(key, async () => 'ran');

describe('withLock', () => {
  it('runs one at a time under a key, in this process and in others, and any number under different keys', async () => {
    const held = await hold(here, 'a');
    expect(await here.withLock('a', never)).toEqual({ ran: false });
    expect(await there.withLock('a', never)).toEqual({ ran: false });
    expect(await there.withLock('b', () => run(there, 'c'))).toEqual({ ran: true, value: { ran: true, value: 'ran' } });
    held.letGo();
    expect(await held.ended).toEqual({ ran: true, value: 'done' });
    expect(await there.withLock('a', async () => 1)).toEqual({ ran: true, value: 1 });
  });

  it('gives the lock back when the work fails', async () => {
    await expect(here.withLock('fails', () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(await run(there, 'fails')).toEqual({ ran: true, value: 'ran' });
  });

  it('holds any number of locks on one connection', async () => {
    const keys = Array.from({ length: 40 }, (_, n) => `many-${n}`);
    const held = await Promise.all(keys.map((key) => hold(here, key)));
    const connections = await runSql(
      store.orm.em.fork(),
      "SELECT FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'workbench locks'",
    );
    expect(connections.length).toBeLessThanOrEqual(3);
    for (const { letGo, ended } of held) {
      letGo();
      await ended;
    }
  });

  it('loses locks with their connection and goes on with a new one', async () => {
    const held = await hold(here, 'cut');
    await runSql(
      store.orm.em.fork(),
      `SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`,
    );
    await expect.poll(() => run(there, 'cut').catch(() => null)).toEqual({ ran: true, value: 'ran' });
    held.letGo();
    expect(await held.ended).toEqual({ ran: true, value: 'done' });
    expect(await run(here, 'cut')).toEqual({ ran: true, value: 'ran' });
  });

  it('is free again after kill -9 of the process that had it', async () => {
    const child = startChild('hold-lock.ts', JSON.stringify(store.database.connection), 'killed');
    await child.written(1);
    expect(await here.withLock('killed', never)).toEqual({ ran: false });
    await child.kill();
    await expect.poll(() => run(here, 'killed')).toEqual({ ran: true, value: 'ran' });
  });
});
