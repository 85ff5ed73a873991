import pg from 'pg';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { toPgConfig } from '#infra/postgres/connection-options.ts';
import { waitFor } from '#test/support/wait-for.ts';
import { openTestStore, project, type TestStore } from './support.ts';

describe('a connection that breaks inside a transaction', () => {
  let store: TestStore;
  beforeEach(async () => {
    store = await openTestStore();
  });
  afterEach(() => store.close());

  /** Ends every other connection to this database, as a server that dies does. */
  async function breakConnections(): Promise<void> {
    const client = new pg.Client(toPgConfig(store.database.connection));
    await client.connect();
    await client.query(
      'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()',
    );
    await client.end();
  }

  it('is reported as a database that does not answer, which may pass (F06)', async () => {
    const em = store.orm.em.fork();
    const broken = em.transactional(async (inside) => {
      await inside.execute('SELECT 1');
      await breakConnections();
      await inside.execute('SELECT 1');
    });
    await expect(broken).rejects.toThrow(/terminat|connection/i);
    await expect(store.unitOfWork.tables.find('projects', {})).resolves.toEqual([]);
    await breakConnections();
    // Whether the pool has noticed yet or not: either an answer or an error that may pass.
    const answers = await Promise.allSettled(
      Array.from({ length: 5 }, () => store.unitOfWork.tables.find('projects', {})),
    );
    for (const answer of answers)
      if (answer.status === 'rejected')
        expect(answer.reason).toMatchObject({ code: 'database-unreachable', retryable: true });
  });

  it('is not kept by the pool, so that later work and closing never wait for it', async () => {
    // More than the pool holds: every one that leaked would be a connection less.
    for (let round = 0; round < 12; round += 1) {
      const broken = store.orm.em.fork().transactional(async (inside) => {
        await inside.execute('SELECT 1');
        await breakConnections();
        await inside.execute('SELECT 1');
      });
      await expect(broken).rejects.toThrow(/terminat|connection/i);
    }
    await waitFor(() =>
      store.unitOfWork
        .transact(async (transaction) => transaction.append('project:p1', 0, [project('p1')]))
        .then(
          () => true,
          () => false,
        ),
    );
    await expect(store.unitOfWork.ledger.head()).resolves.toMatchObject({ seq: 1 });
  });
});
