import { createHash } from 'node:crypto';
import path from 'node:path';
import { createAnchorKeeper } from '#infra/anchor/keep-anchors.ts';
import type { AnchorKeeper } from '#infra/anchor/keep-anchors.ts';
import type { Clock } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import type { LedgerReader } from '../ports/unit-of-work.ts';

interface Database {
  kind: 'embedded' | 'external';
  connection: { host: string; port: number; dbName: string };
}

/** Each database has a file of its own in the data folder: one folder may be used with several of them in turn. */
export function openAnchors(
  homePath: string,
  { kind, connection }: Database,
  tools: { ledger: Pick<LedgerReader, 'head'>; clock: Clock; log: Log },
): AnchorKeeper {
  const place = `${connection.host}:${connection.port}/${connection.dbName}`;
  const name = kind === 'embedded' ? 'embedded' : createHash('sha256').update(place).digest('hex').slice(0, 16);
  return createAnchorKeeper({ ...tools, file: path.join(homePath, 'ledger-anchors', name) });
}
