import { expect } from 'vitest';
import { contentOf } from '#src/ledger/artifact.ts';
import { canonicalJson } from '#src/ledger/canonical-json.ts';
import { LedgerFold } from '#src/ledger/replay.ts';
import type { UnitOfWork } from '#src/ports/unit-of-work.ts';
import { readHistories } from '#src/reflection/read-histories.ts';
import { tellRun } from '#src/reflection/run-story.ts';
import { projectionTables } from '#persistence/projection-entities.ts';

type Kept = Pick<UnitOfWork, 'ledger' | 'tables' | 'artifacts'>;
const MAX_EVENTS = 100_000;

/**
 * Folds the whole ledger twice and holds both, byte for byte, against what the tables have; then tells every run and
 * reads every history twice. Where facts come in meanwhile it begins again. Answers how many events there are.
 */
export async function expectReplaysAlike(kept: Kept): Promise<number> {
  for (;;) {
    const { seq } = await kept.ledger.head();
    const [first, second, tables] = [await foldedText(kept), await foldedText(kept), await tablesText(kept)];
    const told = [await toldText(kept), await toldText(kept)];
    if ((await kept.ledger.head()).seq !== seq) continue;
    expect(first).toBe(tables);
    expect(second).toBe(first);
    expect(told[1]).toBe(told[0]);
    return seq;
  }
}

async function foldedText({ ledger, artifacts }: Kept): Promise<string> {
  const fold = new LedgerFold();
  for (const event of await ledger.read(0, MAX_EVENTS)) {
    const artifact = event.artifact === null ? null : await artifacts.get(event.artifact);
    fold.apply(event, artifact === null ? undefined : contentOf(artifact));
  }
  return textOf(projectionTables.map((table) => [table, [...(fold.tables.get(table)?.rows.values() ?? [])]]));
}

async function tablesText({ tables }: Kept): Promise<string> {
  return textOf(
    await Promise.all(projectionTables.map(async (table) => [table, await tables.find(table, {})] as const)),
  );
}

function textOf(tables: readonly (readonly [string, readonly { id: string }[]])[]): string {
  return canonicalJson(
    tables.map(([table, rows]) => [table, rows.toSorted((one, other) => (one.id < other.id ? -1 : 1))]),
  );
}

async function toldText(kept: Kept): Promise<string> {
  const runs = await kept.tables.find('work_runs', {}, { orderBy: 'id' });
  const stories = await Promise.all(runs.map(({ id }) => tellRun(kept, id)));
  const { histories, ideaAt } = await readHistories(kept.ledger);
  return canonicalJson(JSON.parse(JSON.stringify([stories, histories, [...ideaAt]])));
}
