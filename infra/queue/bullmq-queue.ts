import { DelayedError, type JobsOptions } from 'bullmq';
import { FactoryError } from '#src/errors.ts';
import type { Log } from '#src/ports/log.ts';
import type { Queue, QueueWorker, Wake, WakeOutcome } from '#src/ports/queue.ts';
import { type BullProcessor, type BullWorker, openBackend, type QueueBackend } from './backend.ts';

export type { QueueBackend } from './backend.ts';

export interface BullmqQueue extends Queue {
  /** Sentences for the operator, such as that Redis may throw jobs away. */
  readonly warnings: readonly string[];
}

/** After a kill -9 a job's lock runs out in 5 s and the next look at it comes within 2 s. */
const LOCK_DURATION_MS = 5000;
const STALLED_INTERVAL_MS = 2000;

/** A worker that was killed while holding a job is no fault of the job, however often it happens. */
const MAX_STALLED_COUNT = 1_000_000;

const BUSY_DELAY_MS = 500;

/** How often a throwing handler is tried, and how long the first pause is; each further one is twice as long. */
export interface RetryPolicy {
  tries: number;
  firstDelayMs: number;
}

/** 0.5, 1, 2, 4, 8, 16 and 32 s between tries: about a minute in all. */
const RETRIES: RetryPolicy = { tries: 8, firstDelayMs: 500 };

/** How long a worker that lost its store waits before it asks again. BullMQ's own 15 s outlast a database restart. */
const RECONNECT_DELAY_MS = 1000;

function jobOptions(retries: RetryPolicy): JobsOptions {
  return {
    attempts: retries.tries,
    backoff: { type: 'exponential', delay: retries.firstDelayMs },
    // Finished wakes are remembered for a while, so that one that was sent twice runs once.
    removeOnComplete: { age: 3600, count: 1000 },
    // One that gave up is forgotten: the log has it, and the outbox must be able to send it again.
    removeOnFail: true,
    stackTraceLimit: 1,
  };
}

/**
 * The queue port on BullMQ. Its tables or keys are made when absent; several processes may start at once.
 * Throws FactoryError: `queue-unreachable`, `redis-url-invalid`, `queue-not-permitted`.
 */
export async function createQueue(options: {
  lane: string;
  backend: QueueBackend;
  log: Log;
  retries?: RetryPolicy;
}): Promise<BullmqQueue> {
  const { log, retries = RETRIES } = options;
  const lane = escapeColons(options.lane);
  const backend = await openBackend(options.backend, log);
  const queue = backend.createQueue(lane, {
    defaultJobOptions: jobOptions(retries),
    // Nobody reads BullMQ's events.
    streams: { events: { maxLen: 100 } },
  });
  queue.on('error', (error) => log.warn({ lane, reason: error.message }, 'The queue has trouble with its store.'));
  await queue.waitUntilReady();

  const workers = new Set<BullWorker>();
  let closed: Promise<void> | undefined;

  async function stop(worker: BullWorker): Promise<void> {
    await worker.close();
    workers.delete(worker);
  }

  async function close(): Promise<void> {
    await Promise.all([...workers].map(stop));
    await queue.close();
    await backend.close();
  }

  return {
    warnings: backend.warnings,

    async enqueue(id, wake) {
      await queue.add('wake', { taskId: wake.taskId }, { jobId: toJobId(id) });
    },

    async work(handler, { concurrency }): Promise<QueueWorker> {
      const worker = backend.createWorker(lane, toProcessor(handler), {
        concurrency,
        lockDuration: LOCK_DURATION_MS,
        stalledInterval: STALLED_INTERVAL_MS,
        maxStalledCount: MAX_STALLED_COUNT,
        runRetryDelay: RECONNECT_DELAY_MS,
      });
      workers.add(worker);
      worker.on('error', (error) => log.warn({ lane, reason: error.message }, 'A worker has trouble with its queue.'));
      worker.on('failed', (job, error) => {
        const fields = { lane, taskId: job?.data.taskId, tries: job?.attemptsMade, reason: describe(error) };
        if (job !== undefined && job.attemptsMade < retries.tries)
          log.warn(fields, 'A wake failed and is tried again.');
        else log.error(fields, 'A wake failed too often and is dropped.');
      });
      await worker.waitUntilReady();
      return { stop: () => stop(worker) };
    },

    async clear() {
      await queue.obliterate({ force: true });
    },

    close: () => (closed ??= close()),
  };
}

function toProcessor(handler: (wake: Wake) => Promise<WakeOutcome>): BullProcessor {
  return async (job, token) => {
    if ((await handler({ taskId: job.data.taskId })) === 'done') return;
    // Put off without counting as a try: it may be busy for as long as a build takes.
    await job.moveToDelayed(Date.now() + BUSY_DELAY_MS, token);
    throw new DelayedError();
  };
}

function describe(error: Error): string {
  return error instanceof FactoryError ? `${error.code}: ${error.message}` : error.message;
}

/** BullMQ refuses ids that are whole numbers, hence the letter. */
function toJobId(id: string): string {
  return `wake-${escapeColons(id)}`;
}

/** BullMQ builds its own keys with ":". Different names stay different. */
function escapeColons(name: string): string {
  return name.replaceAll('%', '%25').replaceAll(':', '%3A');
}
