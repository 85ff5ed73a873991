import {
  assertSchemaCompatibility,
  createPostgresBackend,
  isPgPool,
  type PgPool,
  type Job,
  type JobsOptions,
  LATEST_SCHEMA_VERSION,
  Queue,
  type QueueOptions,
  runMigrations,
  SchemaMigrationRequiredError,
  Worker,
  type WorkerOptions,
  withBackend,
} from 'bullmq';
import { Redis } from 'ioredis';
import pg from 'pg';
import { type DatabaseConnection, toPgConfig } from '#infra/postgres/connection-options.ts';
import { FactoryError } from '#src/errors.ts';
import type { Log } from '#src/ports/log.ts';
import type { Wake } from '#src/ports/queue.ts';
import { inspectRedis } from './inspect-redis.ts';

export type QueueBackend = { kind: 'postgres'; connection: DatabaseConnection } | { kind: 'redis'; url: string };

/** The few calls that we make; BullMQ's own types carry the backend in a dozen parameters. */
export interface BullQueue {
  add(name: string, data: Wake, options: JobsOptions): Promise<unknown>;
  obliterate(options: { force: boolean }): Promise<void>;
  close(): Promise<void>;
  on(event: 'error', listener: (error: Error) => void): unknown;
  waitUntilReady(): Promise<unknown>;
}

export interface BullWorker {
  close(): Promise<void>;
  on(event: 'error', listener: (error: Error) => void): unknown;
  on(event: 'failed', listener: (job: Job<Wake> | undefined, error: Error) => void): unknown;
  waitUntilReady(): Promise<unknown>;
}

export type BullProcessor = (job: Job<Wake>, token?: string) => Promise<void>;

/** BullMQ on one of its stores: makes queues and workers that share its connections. */
export interface OpenBackend {
  warnings: readonly string[];
  createQueue(name: string, options: Omit<QueueOptions, 'connection'>): BullQueue;
  createWorker(name: string, process: BullProcessor, options: Omit<WorkerOptions, 'connection'>): BullWorker;
  close(): Promise<void>;
}

export async function openBackend(backend: QueueBackend, log: Log): Promise<OpenBackend> {
  return backend.kind === 'postgres' ? openOnPostgres(backend.connection, log) : openOnRedis(backend.url, log);
}

/** BullMQ's tables live in a schema of this name, beside ours. */
const SCHEMA = 'bullmq';

/** Each worker keeps one connection listening; the rest are opened when needed and closed when idle. */
const MAX_CONNECTIONS = 8;
const IDLE_CONNECTION_MS = 10_000;

async function openOnPostgres(connection: DatabaseConnection, log: Log): Promise<OpenBackend> {
  const pool = new pg.Pool({
    ...toPgConfig(connection),
    max: MAX_CONNECTIONS,
    idleTimeoutMillis: IDLE_CONNECTION_MS,
    keepAlive: true,
    application_name: 'factory-workbench queue',
    // BullMQ's statements name its tables without their schema.
    options: `-c search_path=${SCHEMA},public`,
  });
  pool.on('error', (error) => log.warn({ reason: error.message }, 'A queue connection to the database dropped.'));
  // While a client is in use the pool does not listen to it, and an unheard error would end the process.
  pool.on('connect', (client) => client.on('error', () => {}));
  try {
    await migrate(pool);
  } catch (error) {
    await pool.end();
    throw error;
  }
  // BullMQ describes a pool a little differently than `pg` does; its own check settles that they mean the same.
  if (!isPgPool(pool)) throw new TypeError('This version of pg makes pools that BullMQ does not know.');
  const shared: PgPool = pool;
  const bound = withBackend(createPostgresBackend);
  return {
    warnings: [],
    createQueue: (name, options) => new bound.Queue<Wake>(name, { ...options, connection: shared }),
    createWorker: (name, process, options) => new bound.Worker<Wake>(name, process, { ...options, connection: shared }),
    close: () => pool.end(),
  };
}

/** BullMQ's own migrations hold an advisory lock, so that processes which start together do not collide. */
async function migrate(pool: pg.Pool): Promise<void> {
  const client = await pool.connect();
  try {
    if ((await schemaVersion(client)) < LATEST_SCHEMA_VERSION) await runMigrations(client, SCHEMA);
  } catch (error) {
    if ((error as { code?: string }).code !== '42501') throw error;
    throw new FactoryError(
      'queue-not-permitted',
      'The queue may not make its tables: the database role lacks the right to create a schema.',
      {
        fix: `As the database's owner run: GRANT CREATE ON DATABASE "${client.database ?? ''}" TO the role in DATABASE_URL.`,
        cause: error,
      },
    );
  } finally {
    client.release();
  }
}

async function schemaVersion(client: pg.PoolClient): Promise<number> {
  try {
    return await assertSchemaCompatibility(client, SCHEMA);
  } catch (error) {
    if (error instanceof SchemaMigrationRequiredError) return 0;
    throw error;
  }
}

/** Keys begin with this, so that a Redis may be shared with something else. */
const REDIS_PREFIX = 'factory-workbench';

async function openOnRedis(url: string, log: Log): Promise<OpenBackend> {
  const { warnings } = await inspectRedis(url);
  for (const warning of warnings) log.warn({}, warning);
  // Required by BullMQ: a waiting command must outlive any outage.
  const redis = new Redis(url, { maxRetriesPerRequest: null });
  redis.on('error', (error: Error) => log.warn({ reason: error.message }, 'The connection to Redis failed.'));
  return {
    warnings,
    createQueue: (name, options) => new Queue<Wake>(name, { ...options, prefix: REDIS_PREFIX, connection: redis }),
    createWorker: (name, process, options) =>
      new Worker<Wake>(name, process, { ...options, prefix: REDIS_PREFIX, connection: redis }),
    close: async () => {
      await redis.quit();
    },
  };
}
