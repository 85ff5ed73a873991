import { fileURLToPath } from 'node:url';
import { createQueue, type QueueBackend } from '#infra/queue/bullmq-queue.ts';
import { silentLog } from '#src/ports/log.ts';
import type { QueueUnderTest } from '#test/contracts/queue.ts';

const HOLDER = fileURLToPath(new URL('./hold-a-wake.ts', import.meta.url));

/** BullMQ on `backend`, as the contract suite wants it. */
export function underTest(backend: QueueBackend): QueueUnderTest {
  return {
    open: (lane) => createQueue({ lane, backend, log: silentLog }),
    holder: (lane) => [process.execPath, HOLDER, lane, JSON.stringify(backend)],
  };
}
