import pg from 'pg';
import { FactoryError } from '#src/errors.ts';
import type { Log } from '#src/ports/log.ts';
import { type DatabaseConnection, pgConfig } from './connection.ts';

/**
 * Locks between processes: session advisory locks of PostgreSQL, all on one connection of their own. So they cost one
 * connection however many are held, a lock taken inside another cannot wait for a free connection, and all of them go
 * with the process. Work that goes on after its connection broke has lost its lock: what it commits is fenced elsewhere.
 */
export interface LockSession {
  withLock<T>(key: string, work: () => Promise<T>): Promise<{ ran: true; value: T } | { ran: false }>;
  close(): Promise<void>;
}

export function createLockSession(connection: DatabaseConnection, log: Log): LockSession {
  /** One session may take the same lock twice, so this process asks itself first. */
  const held = new Set<string>();
  let session: Promise<pg.Client> | null = null;
  /** A client runs one statement at a time. */
  let turn: Promise<unknown> = Promise.resolve();

  function connected(): Promise<pg.Client> {
    if (session !== null) return session;
    const opening = open();
    session = opening;
    return opening;

    async function open(): Promise<pg.Client> {
      const client = new pg.Client(pgConfig(connection, 'workbench locks'));
      const forget = () => {
        if (session === opening) session = null;
      };
      client.on('error', (error) => {
        if (held.size > 0)
          log.error({ keys: [...held], error: error.message }, 'the connection that holds locks is gone');
      });
      client.on('end', forget);
      try {
        await client.connect();
        return client;
      } catch (error) {
        forget();
        throw error;
      }
    }
  }

  function ask(client: pg.Client, sql: string, key: string): Promise<boolean> {
    const answer = turn.then(async () => {
      const { rows } = await client.query<{ yes: boolean }>(sql, [key]);
      return rows[0]?.yes === true;
    });
    turn = answer.catch(() => {});
    return answer;
  }

  async function take(key: string): Promise<pg.Client | null> {
    try {
      const client = await connected();
      return (await ask(client, 'SELECT pg_try_advisory_lock(hashtextextended($1, 0)) AS yes', key)) ? client : null;
    } catch (cause) {
      throw new FactoryError('database-unreachable', 'The database does not answer, so a lock cannot be taken.', {
        fix: 'Check that it runs; the workbench tries again by itself.',
        retryable: true,
        cause,
      });
    }
  }

  async function giveBack(client: pg.Client, key: string): Promise<void> {
    try {
      await ask(client, 'SELECT pg_advisory_unlock(hashtextextended($1, 0)) AS yes', key);
    } catch (error) {
      // Without its connection the lock is gone as well.
      log.warn({ key, error: error instanceof Error ? error.message : String(error) }, 'a lock was not given back');
      await client.end().catch(() => {});
    }
  }

  return {
    async withLock(key, work) {
      if (held.has(key)) return { ran: false };
      held.add(key);
      try {
        const client = await take(key);
        if (client === null) return { ran: false };
        try {
          return { ran: true, value: await work() };
        } finally {
          await giveBack(client, key);
        }
      } finally {
        held.delete(key);
      }
    },
    async close() {
      const client = await session?.catch(() => null);
      session = null;
      await client?.end();
    },
  };
}
