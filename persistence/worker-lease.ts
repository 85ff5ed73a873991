import pg from 'pg';
import type { DatabaseConnection } from './connection.ts';
import { pgConfig } from './connection.ts';

/** Any fixed number of our own: every process that works on all tasks holds this advisory lock, shared. */
const WORKER_LEASE = 4_747_002;

/** Who works on this data. The lease goes with the process that holds it. */
export interface WorkerLease {
  release(): Promise<void>;
}

/** Says, for as long as it is held, that a process works on all tasks here. Several may. */
export async function holdWorkerLease(connection: DatabaseConnection): Promise<WorkerLease> {
  const client = new pg.Client(pgConfig(connection, 'workbench worker'));
  client.on('error', () => {});
  await client.connect();
  await client.query('SELECT pg_advisory_lock_shared($1)', [WORKER_LEASE]);
  return { release: () => client.end() };
}

/** True while some process works on all tasks of this data. */
export async function isWorkedOn(connection: DatabaseConnection): Promise<boolean> {
  const client = new pg.Client(pgConfig(connection, 'workbench look'));
  client.on('error', () => {});
  await client.connect();
  try {
    const { rows } = await client.query<{ free: boolean }>('SELECT pg_try_advisory_lock($1) AS free', [WORKER_LEASE]);
    return rows[0]?.free !== true;
  } finally {
    await client.end();
  }
}
