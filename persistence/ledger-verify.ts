import type { LedgerAnchor } from '#src/ledger/anchor.ts';
import { ChainVerifier } from '#src/ledger/hash-chain.ts';
import type { LedgerVerdict } from '#src/ledger/verdict.ts';
import type { StoredLedgerReader } from './ledger-reader.ts';

/** Events read at a time. */
const EVENT_BATCH = 2_000;

/**
 * Checks every event against the chain, the chain's end against the head row, and each anchor against the event that it
 * names: a tail that was cut off leaves a valid chain and a head that is further, and somebody who rewrites the head or
 * the whole chain as well is found by what was noted elsewhere. The head is read first, so events that come in meanwhile
 * do no harm.
 */
export async function verifyLedger(
  reader: Pick<StoredLedgerReader, 'readStored' | 'head'>,
  anchors: readonly LedgerAnchor[] = [],
): Promise<LedgerVerdict> {
  const head = await reader.head();
  const chain = new ChainVerifier();
  const open = anchorsBySeq(anchors);
  let hashAtHead = head.seq === 0 ? chain.head.hash : null;
  const broken = (seq: number, reason: string): LedgerVerdict => {
    return { events: chain.head.seq, verified: false, head, anchors: anchors.length, firstBad: { seq, reason } };
  };
  for (;;) {
    const events = await reader.readStored(chain.head.seq, EVENT_BATCH);
    for (const event of events) {
      const fault = chain.check(event);
      if (fault !== null) return broken(fault.seq, fault.reason);
      if (event.seq === head.seq) hashAtHead = event.hash;
      const other = open.get(event.seq)?.find(({ hash }) => hash !== event.hash);
      if (other !== undefined) return broken(event.seq, `it is not the event that ${named(other)} speaks of`);
      open.delete(event.seq);
    }
    if (events.length < EVENT_BATCH) break;
  }
  const events = chain.head.seq;
  if (hashAtHead !== head.hash) {
    const reason =
      events < head.seq ? `head disagrees: it is at ${head.seq}, the events end at ${events}` : 'head disagrees';
    return broken(Math.min(events + 1, head.seq), reason);
  }
  const [beyond] = [...open.values()].flat();
  if (beyond !== undefined) return broken(events + 1, `the ledger ends here, and ${named(beyond)} speaks of more`);
  return { events, verified: true, head, anchors: anchors.length, firstBad: null };
}

/** What stands at 0 was noted before anything happened, and says nothing. */
function anchorsBySeq(anchors: readonly LedgerAnchor[]): Map<number, LedgerAnchor[]> {
  return Map.groupBy(
    anchors.filter(({ seq }) => seq > 0),
    ({ seq }) => seq,
  );
}

function named({ at, seq }: LedgerAnchor): string {
  return at === null ? `the anchor ${seq}` : `the anchor ${seq} of ${at}`;
}
