import { Redis } from 'ioredis';
import { afterAll, describe } from 'vitest';
import { inspectRedis } from '#infra/queue/inspect-redis.ts';
import { describeQueueContract, LANES } from '#test/contracts/queue.ts';
import { underTest } from './under-test.ts';

const url = process.env.TEST_REDIS_URL ?? 'redis://127.0.0.1:6379/9';
const answers = await inspectRedis(url).then(
  () => true,
  () => false,
);

describe.skipIf(!answers)(`With Redis (skipped where none answers at ${url})`, () => {
  afterAll(async () => {
    const redis = new Redis(url);
    const left = await redis.keys(`factory-workbench:${LANES}*`);
    if (left.length > 0) await redis.del(...left);
    redis.disconnect();
  });

  describeQueueContract('BullMQ on Redis', () => underTest({ kind: 'redis', url }), { crossesProcesses: true });
});
