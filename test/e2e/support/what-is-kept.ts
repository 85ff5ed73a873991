import { readdirSync } from 'node:fs';
import path from 'node:path';
import pg from 'pg';
import { toPgConfig } from '#infra/postgres/connection-options.ts';
import type { Workbench } from '#src/compose.ts';
import { gitIn } from '#test/support/repository.ts';

/** Every row of every table, and every ref of every mirror, each by a short name: to be compared with itself later. */
export async function whatIsKept(workbench: Workbench): Promise<Record<string, string>> {
  const client = new pg.Client(toPgConfig(workbench.database.connection));
  await client.connect();
  try {
    const { rows: tables } = await client.query<{ name: string }>(
      `SELECT format('%I.%I', table_schema, table_name) AS name FROM information_schema.tables
       WHERE table_type = 'BASE TABLE' AND table_schema NOT IN ('pg_catalog', 'information_schema') ORDER BY 1`,
    );
    const kept: Record<string, string> = {};
    for (const { name } of tables) {
      const { rows } = await client.query<{ rows: string; hash: string }>(
        `SELECT count(*) AS rows, coalesce(md5(string_agg(t::text, '' ORDER BY t::text)), '') AS hash FROM ${name} t`,
      );
      kept[name] = `${rows[0]?.rows} rows ${rows[0]?.hash}`;
    }
    const mirrors = path.join(workbench.homePath, 'mirrors');
    for (const mirror of readdirSync(mirrors)) kept[mirror] = gitIn(path.join(mirrors, mirror), 'for-each-ref');
    return kept;
  } finally {
    await client.end();
  }
}
