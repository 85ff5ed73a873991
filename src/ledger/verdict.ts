/** What a walk along the whole ledger found. */
export interface LedgerVerdict {
  events: number;
  verified: boolean;
  head: { seq: number; hash: string };
  /** Heads noted outside of the database that were compared. */
  anchors: number;
  firstBad: { seq: number; reason: string } | null;
}
