import type { Inbox } from '#src/ports/unit-of-work.ts';
import { isoOfDatabase } from './column-types.ts';
import type { EntityManager } from './orm.ts';
import { runSql } from './sql.ts';

export function createInbox(em: () => EntityManager): Inbox {
  return {
    async accept({ key, surface, payload, receivedAt }) {
      const rows = await runSql(
        em(),
        `INSERT INTO inbox (key, surface, payload, received_at) VALUES ($1, $2, $3, $4)
         ON CONFLICT (key) DO NOTHING RETURNING id`,
        [key, surface, payload, receivedAt],
      );
      return rows.length === 1 ? 'accepted' : 'duplicate';
    },
    async pending(limit) {
      const rows = await runSql<{ key: string; surface: string; payload: string; receivedAt: string }>(
        em(),
        `SELECT key, surface, payload, received_at::text AS "receivedAt" FROM inbox
         WHERE done_at IS NULL ORDER BY id LIMIT $1`,
        [limit],
      );
      return rows.map((row) => ({ ...row, receivedAt: isoOfDatabase(row.receivedAt) }));
    },
    async done(key) {
      await runSql(em(), "UPDATE inbox SET done_at = now(), payload = '' WHERE key = $1 AND done_at IS NULL", [key]);
    },
  };
}
