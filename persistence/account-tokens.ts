import type { AccountTokens } from '#src/ports/linked-accounts.ts';
import type { Orm } from './orm.ts';
import { runSql } from './sql.ts';

/** What lets the factory act as people, sealed, in PostgreSQL. */
export function createAccountTokens({ orm }: { orm: Orm }): AccountTokens {
  const em = () => orm.em.fork();
  return {
    async get(id) {
      const [row] = await runSql<{ sealed: string }>(em(), 'SELECT sealed FROM account_tokens WHERE id = $1', [id]);
      return row?.sealed ?? null;
    },
    async put(id, sealed) {
      await runSql(
        em(),
        'INSERT INTO account_tokens (id, sealed) VALUES ($1, $2) ON CONFLICT (id) DO UPDATE SET sealed = excluded.sealed',
        [id, sealed],
      );
    },
    async remove(id) {
      await runSql(em(), 'DELETE FROM account_tokens WHERE id = $1', [id]);
    },
  };
}
