import type { People } from '#src/ports/surface.ts';
import type { Orm } from './orm.ts';
import { runSql } from './sql.ts';

/** Names of people in PostgreSQL. */
export function createPeopleStore({ orm }: { orm: Orm }): People {
  return {
    async remember(actor, name) {
      await runSql(
        orm.em.fork(),
        `INSERT INTO people (id, name) VALUES ($1, $2)
         ON CONFLICT (id) DO UPDATE SET name = excluded.name WHERE people.name <> excluded.name`,
        [actor, name],
      );
    },
    async names(actors) {
      if (actors.length === 0) return new Map();
      const rows = await runSql<{ id: string; name: string }>(
        orm.em.fork(),
        'SELECT id, name FROM people WHERE id = ANY ($1)',
        [[...actors]],
      );
      return new Map(rows.map(({ id, name }) => [id, name]));
    },
  };
}
