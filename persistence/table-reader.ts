import { type EntityName, raw } from '@mikro-orm/core';
import type { QBFilterQuery } from '@mikro-orm/postgresql';
import type { ProjectionTable, Rows } from '#src/ledger/rows.ts';
import type { TableReader, Where } from '#src/ports/unit-of-work.ts';
import type { EntityManager } from './orm.ts';
import { projectionEntities } from './projection-entities.ts';

/** Reads projections through MikroORM and hands them out as plain rows. */
export function createTableReader(em: () => EntityManager): TableReader {
  return {
    async find(table, where, options) {
      const { orderBy, limit } = options ?? {};
      const order = orderBy === undefined ? {} : direction(orderBy);
      return readRows(em(), table, where, {
        orderBy: 'id' in order ? order : { ...order, id: 'asc' },
        ...(limit === undefined ? {} : { limit }),
      });
    },
    async get(table, id) {
      const [row] = await readRows(em(), table, { id } as Where<Rows[typeof table]>, { limit: 1 });
      return row ?? null;
    },
    async sum(table, columns, where) {
      const forked = em();
      const { props } = forked.getMetadata().get(entityOf(table));
      const fieldOf = (column: string) => props.find(({ name }) => name === column)?.fieldNames?.[0] ?? column;
      const sums = columns.map((column) => raw(`coalesce(sum(${fieldOf(column)}), 0)::float8 as "${column}"`));
      const query = forked.createQueryBuilder(entityOf(table)).select(sums).where(conditions(where));
      const [row] = await query.execute<Record<string, number>[]>('all', false);
      return Object.fromEntries(columns.map((column) => [column, row?.[column] ?? 0])) as never;
    },
  };
}

export interface ReadOptions {
  orderBy?: Record<string, 'asc' | 'desc'>;
  limit?: number;
}

/** Rows as `src/ledger/rows.ts` has them, without the identity map. */
export async function readRows<T extends ProjectionTable>(
  em: EntityManager,
  table: T,
  where: Where<Rows[T]>,
  { orderBy, limit }: ReadOptions = {},
): Promise<Rows[T][]> {
  const query = em.createQueryBuilder(entityOf(table)).select('*').where(conditions(where));
  if (orderBy !== undefined) query.orderBy(orderBy);
  if (limit !== undefined) query.limit(limit);
  const found = await query.execute<Record<string, unknown>[]>('all');
  return found.map((row) => toRow<T>(em, table, row));
}

/** A projection's entity, seen as what all of them have in common. */
export function entityOf(table: ProjectionTable): EntityName<{ id: string }> {
  return projectionEntities[table] as unknown as EntityName<{ id: string }>;
}

function conditions<Row>(where: Where<Row>): QBFilterQuery<{ id: string }> {
  const entries = Object.entries(where).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries.map(([column, value]) => [column, Array.isArray(value) ? { $in: value } : value]));
}

function direction(orderBy: string): Record<string, 'asc' | 'desc'> {
  return orderBy.startsWith('-') ? { [orderBy.slice(1)]: 'desc' } : { [orderBy]: 'asc' };
}

/** Query results come with the driver's values; custom types (times) are turned into ours. */
function toRow<T extends ProjectionTable>(em: EntityManager, table: T, found: Record<string, unknown>): Rows[T] {
  const meta = em.getMetadata().get(entityOf(table));
  const platform = em.getPlatform();
  const entries = meta.props.map(({ name, customType }) => {
    const value = found[name] ?? null;
    return [name, customType === undefined ? value : customType.convertToJSValue(value, platform)];
  });
  return Object.fromEntries(entries) as unknown as Rows[T];
}
