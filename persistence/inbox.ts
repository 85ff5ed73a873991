import type { Delivery, Inbox } from '#src/ports/unit-of-work.ts';
import { isoOfDatabase } from './column-types.ts';
import { inBatches } from './in-batches.ts';
import type { EntityManager } from './orm.ts';
import { runSql } from './sql.ts';

export function createInbox(em: () => EntityManager): Inbox {
  return {
    // Somebody waits for each: what comes at once is committed at once.
    accept: inBatches(async (deliveries: readonly Delivery[]) => {
      const column = (name: keyof Delivery) => deliveries.map((delivery) => delivery[name]);
      const rows = await runSql<{ key: string }>(
        em(),
        `INSERT INTO inbox (key, surface, payload, received_at)
         SELECT key, surface, payload, received_at
         FROM unnest($1::text[], $2::text[], $3::text[], $4::timestamptz[]) WITH ORDINALITY
           AS delivery(key, surface, payload, received_at, place)
         ORDER BY place
         ON CONFLICT (key) DO NOTHING RETURNING key`,
        [column('key'), column('surface'), column('payload'), column('receivedAt')],
      );
      const accepted = new Set(rows.map(({ key }) => key));
      // The first of a key is the one that was taken.
      return deliveries.map(({ key }) => (accepted.delete(key) ? 'accepted' : 'duplicate'));
    }),
    async pending(surface, limit) {
      const rows = await runSql<{ key: string; surface: string; payload: string; receivedAt: string }>(
        em(),
        `SELECT key, surface, payload, received_at::text AS "receivedAt" FROM inbox
         WHERE done_at IS NULL AND surface = $1 ORDER BY id LIMIT $2`,
        [surface, limit],
      );
      return rows.map((row) => ({ ...row, receivedAt: isoOfDatabase(row.receivedAt) }));
    },
    // Nobody waits for it, and accepting shares the disk: it may reach the disk a little later. When the machine dies
    // before, a delivery is worked on once more, as when it dies right before this.
    done: inBatches(async (keys: readonly string[]) => {
      await runSql(
        em(),
        `WITH soon AS MATERIALIZED (SELECT set_config('synchronous_commit', 'off', true))
         UPDATE inbox SET done_at = now(), payload = '' FROM soon WHERE key = ANY ($1::text[]) AND done_at IS NULL`,
        [[...keys]],
      );
      return keys.map(() => undefined);
    }),
  };
}
