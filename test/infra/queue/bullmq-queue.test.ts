import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createQueue, type QueueBackend } from '#infra/queue/bullmq-queue.ts';
import { inspectRedis } from '#infra/queue/inspect-redis.ts';
import { silentLog } from '#src/ports/log.ts';
import { describeQueueContract, type QueueUnderTest } from '#test/contracts/queue.ts';
import { createTestDatabase, type TestDatabase } from '#test/support/database.ts';

const HOLDER = fileURLToPath(new URL('./hold-a-wake.ts', import.meta.url));
const REDIS_URL = process.env.TEST_REDIS_URL ?? 'redis://127.0.0.1:6379/9';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(async () => {
  await database.drop();
});

function underTest(backend: () => QueueBackend): QueueUnderTest {
  return {
    open: (lane) => createQueue({ lane, backend: backend(), log: silentLog }),
    holder: (lane) => [process.execPath, HOLDER, lane, JSON.stringify(backend())],
  };
}

const onPostgres = (): QueueBackend => ({ kind: 'postgres', connection: database.connection });
const onRedis = (): QueueBackend => ({ kind: 'redis', url: REDIS_URL });

describeQueueContract('BullMQ on PostgreSQL', () => underTest(onPostgres));

const redisAnswers = await inspectRedis(REDIS_URL).then(
  () => true,
  () => false,
);
describe.skipIf(!redisAnswers)(`With Redis (skipped where none answers at ${REDIS_URL})`, () => {
  describeQueueContract('BullMQ on Redis', () => underTest(onRedis));
});

describe('createQueue on PostgreSQL', () => {
  it('may be called by several at once on an empty database', async () => {
    const fresh = await createTestDatabase();
    const backend: QueueBackend = { kind: 'postgres', connection: fresh.connection };
    const queues = await Promise.all([1, 2, 3, 4].map(() => createQueue({ lane: 'wakes', backend, log: silentLog })));
    await queues[0]?.enqueue('one', { taskId: 'task' });
    const seen: string[] = [];
    await queues[3]?.work(async ({ taskId }) => (seen.push(taskId), 'done'), { concurrency: 1 });
    await expect.poll(() => seen).toEqual(['task']);
    await Promise.all(queues.map((queue) => queue.close()));
    await fresh.drop();
  });
});
