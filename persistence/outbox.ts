import type { Outbox } from '#src/ports/unit-of-work.ts';
import type { EntityManager } from './orm.ts';
import { runSql } from './sql.ts';

export interface QueuedWake {
  lane: string;
  taskId: string;
}

export function createOutbox(em: () => EntityManager): Outbox {
  return {
    async pending(lane, limit) {
      return runSql(
        em(),
        `SELECT id::text AS id, lane, task_id AS "taskId" FROM outbox
         WHERE lane = $1 AND sent_at IS NULL ORDER BY outbox.id LIMIT $2`,
        [lane, limit],
      );
    },
    async sent(ids) {
      await runSql(em(), 'UPDATE outbox SET sent_at = now() WHERE id = ANY ($1::bigint[]) AND sent_at IS NULL', [ids]);
    },
  };
}

export async function putWakes(em: EntityManager, wakes: readonly QueuedWake[]): Promise<void> {
  if (wakes.length === 0) return;
  await runSql(em, 'INSERT INTO outbox (lane, task_id) SELECT * FROM unnest($1::text[], $2::text[])', [
    wakes.map(({ lane }) => lane),
    wakes.map(({ taskId }) => taskId),
  ]);
}
