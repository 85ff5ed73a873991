import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import pg from 'pg';
import { toPgConfig } from '#infra/postgres/connection-options.ts';
import { type EmbeddedPostgres, openEmbeddedPostgres } from '#infra/postgres/embedded.ts';
import { createQueue, type QueueBackend } from '#infra/queue/bullmq-queue.ts';
import { type Log, silentLog } from '#src/ports/log.ts';
import { describeQueueContract } from '#test/contracts/queue.ts';
import { createTestDatabase } from '#test/support/database.ts';
import { createTempFolder, type TempFolder } from '#test/support/temp-folder.ts';
import { waitFor } from '#test/support/wait-for.ts';
import { underTest } from './under-test.ts';

let temp: TempFolder;
let embedded: EmbeddedPostgres;
beforeAll(async () => {
  temp = await createTempFolder();
  embedded = await openEmbeddedPostgres({ dataDir: path.join(temp.path, 'postgres'), log: silentLog });
});
afterAll(async () => {
  await embedded.release();
  await temp.remove();
});

const onEmbedded = (): QueueBackend => ({ kind: 'postgres', connection: embedded.connection });

describeQueueContract('BullMQ on embedded PostgreSQL', () => underTest(onEmbedded()), { crossesProcesses: true });

describe('createQueue on PostgreSQL', () => {
  it('may be called by several at once on an empty database', async () => {
    const fresh = await createTestDatabase();
    const backend: QueueBackend = { kind: 'postgres', connection: fresh.connection };
    const queues = await Promise.all([1, 2, 3, 4].map(() => createQueue({ lane: 'wakes', backend, log: silentLog })));
    await queues[0]?.enqueue('one', { taskId: 'task' });
    const seen: string[] = [];
    await queues[3]?.work(
      async ({ taskId }) => {
        seen.push(taskId);
        return 'done';
      },
      { concurrency: 1 },
    );
    await waitFor(() => seen.length > 0);
    expect(seen).toEqual(['task']);
    await Promise.all(queues.map((queue) => queue.close()));
    await fresh.drop();
  });

  it('says which right is missing when the role may not make a schema', async () => {
    const fresh = await createTestDatabase();
    const client = new pg.Client(toPgConfig(fresh.connection));
    await client.connect();
    await client.query(`REVOKE ALL ON DATABASE ${fresh.connection.dbName} FROM CURRENT_USER`);
    await client.end();
    const backend: QueueBackend = { kind: 'postgres', connection: fresh.connection };
    await expect(createQueue({ lane: 'wakes', backend, log: silentLog })).rejects.toMatchObject({
      code: 'queue-not-permitted',
      fix: expect.stringContaining('GRANT CREATE ON DATABASE'),
    });
    await fresh.drop();
  });

  it('logs a wake that fails for good and forgets it, so that it can be sent again', async () => {
    const errors: Record<string, unknown>[] = [];
    const log: Log = { ...silentLog, error: (fields) => errors.push(fields) };
    const retries = { tries: 3, firstDelayMs: 10 };
    const queue = await createQueue({ lane: 'giving-up', backend: onEmbedded(), log, retries });
    let calls = 0;
    await queue.work(
      async () => {
        calls += 1;
        if (calls <= 3) throw new Error('no luck');
        return 'done';
      },
      { concurrency: 1 },
    );
    await queue.enqueue('one', { taskId: 'task' });
    await waitFor(() => errors.length > 0);
    expect(errors).toMatchObject([{ taskId: 'task', tries: 3, reason: 'no luck' }]);
    expect(calls).toBe(3);
    await queue.enqueue('one', { taskId: 'task' });
    await waitFor(() => calls === 4);
    await queue.close();
  });

  it('keeps only the last thousand finished wakes and few events', async () => {
    const queue = await createQueue({ lane: 'many', backend: onEmbedded(), log: silentLog });
    let done = 0;
    await queue.work(
      async () => {
        done += 1;
        return 'done';
      },
      { concurrency: 20 },
    );
    for (let batch = 0; batch < 12; batch += 1) {
      await Promise.all(
        Array.from({ length: 100 }, (_, index) => queue.enqueue(`${batch}-${index}`, { taskId: 'task' })),
      );
    }
    await waitFor(() => done === 1200);
    await queue.close();
    const client = new pg.Client(toPgConfig(embedded.connection));
    await client.connect();
    const { rows } = await client.query<{ jobs: number; events: number }>(
      `SELECT (SELECT count(*)::int FROM bullmq.job WHERE queue = 'many') AS jobs,
              (SELECT count(*)::int FROM bullmq.event WHERE queue = 'many') AS events`,
    );
    await client.end();
    // Workers that finish at the same moment may each leave one more.
    expect(rows[0]?.jobs).toBeGreaterThanOrEqual(1000);
    expect(rows[0]?.jobs).toBeLessThan(1050);
    expect(rows[0]?.events).toBeLessThan(1000);
  }, 240_000);

  it('works on after its server was killed and came back (F06)', async () => {
    const queue = await createQueue({ lane: 'outage', backend: onEmbedded(), log: silentLog });
    const seen: string[] = [];
    await queue.work(
      async ({ taskId }) => {
        seen.push(taskId);
        return 'done';
      },
      { concurrency: 1 },
    );
    await queue.enqueue('before', { taskId: 'before' });
    await waitFor(() => seen.includes('before'));
    const record = await readFile(path.join(temp.path, 'postgres', 'cluster', 'postmaster.pid'), 'utf8');
    process.kill(Number.parseInt(record, 10), 'SIGKILL');
    await waitFor(() =>
      queue.enqueue('after', { taskId: 'after' }).then(
        () => true,
        () => false,
      ),
    );
    await waitFor(() => seen.includes('after'));
    expect(seen).toEqual(['before', 'after']);
    await queue.close();
  });
});
