/** What a walk along the whole ledger found. */
export interface LedgerVerdict {
  events: number;
  verified: boolean;
  head: { seq: number; hash: string };
  firstBad: { seq: number; reason: string } | null;
}
