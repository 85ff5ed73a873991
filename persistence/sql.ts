import type { EntityManager } from './orm.ts';

/**
 * Runs one statement with `$1` parameters, inside the entity manager's transaction when it has one. Used where a
 * statement is one of our own (`ledger_append`), or carries much text: MikroORM writes parameters into the statement.
 */
export async function runSql<Row>(em: EntityManager, sql: string, parameters: readonly unknown[] = []): Promise<Row[]> {
  const connection = em.getConnection();
  await connection.ensureConnection();
  const executor = em.getTransactionContext<ReturnType<typeof connection.getClient>>() ?? connection.getClient();
  const { rows } = await executor.executeQuery<Row>({
    sql,
    parameters,
    query: { kind: 'RawNode', sqlFragments: [sql], parameters: [] },
    queryId: { queryId: 'own' },
  });
  return rows;
}
