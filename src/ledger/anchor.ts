/** A head of the ledger, noted where whoever owns its database cannot change it. */
export interface LedgerAnchor {
  /** ISO 8601 UTC; null: nobody noted when. */
  at: string | null;
  seq: number;
  hash: string;
}

const LINE = /^(?:(\d{4}-\d\d-\d\dT[\d:.]+Z) )?(\d{1,15}):([0-9a-f]{64})$/;

/** One line, as `2026-11-21T09:00:00.000Z 412:9f86…`. */
export function anchorLine({ at, seq, hash }: LedgerAnchor): string {
  return `${at === null ? '' : `${at} `}${seq}:${hash}`;
}

/** null: that is no anchor. */
export function parseAnchor(line: string): LedgerAnchor | null {
  const [, at = null, seq, hash] = LINE.exec(line.trim()) ?? [];
  return seq === undefined || hash === undefined ? null : { at, seq: Number(seq), hash };
}
