import { contentOf } from '#src/ledger/artifact.ts';
import { LedgerFold } from '#src/ledger/replay.ts';
import type { FoldedTables } from '#src/ledger/replay.ts';
import { upcast } from '#src/ledger/upcast.ts';
import type { PlantedLedger } from './ledger.ts';

const BATCH = 5_000;

/** The rows that a ledger makes: a replay as it is with a database, but for reading the events and comparing the rows. */
export async function foldAll(ledger: PlantedLedger): Promise<FoldedTables> {
  const fold = new LedgerFold();
  for (let seq = 0; ; ) {
    const batch = await ledger.read(seq, BATCH);
    for (const stored of batch) {
      const kept = stored.artifact === null ? null : await ledger.artifacts.get(stored.artifact);
      fold.apply(upcast(stored), kept === null ? undefined : contentOf(kept));
    }
    seq += batch.length;
    if (batch.length < BATCH) return fold.tables;
  }
}
