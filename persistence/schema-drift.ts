import type { Orm } from './orm.ts';

/**
 * What a new migration would have to run for the tables to be what the entities describe; empty when they are. Triggers,
 * functions and the queue's own schema do not count.
 */
export async function schemaDrift(orm: Orm): Promise<string> {
  return (await orm.schema.getUpdateSchemaSQL({ wrap: false })).trim();
}
