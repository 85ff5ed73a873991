/** A process that takes wakes and never finishes one: `node hold-a-wake.ts <lane> <backend as JSON>`. */
import { createQueue, type QueueBackend } from '#infra/queue/bullmq-queue.ts';
import { silentLog } from '#src/ports/log.ts';

const [lane = '', backendJson = ''] = process.argv.slice(2);
const backend: QueueBackend = JSON.parse(backendJson);
const queue = await createQueue({ lane, backend, log: silentLog });
await queue.work(
  ({ taskId }) => {
    process.stdout.write(`took ${taskId}\n`);
    return new Promise(() => {});
  },
  { concurrency: 1 },
);
