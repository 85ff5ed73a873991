import { ChainVerifier } from '#src/ledger/hash-chain.ts';
import type { LedgerVerdict } from '#src/ledger/verdict.ts';
import type { StoredLedgerReader } from './ledger-reader.ts';

/** Events read at a time. */
const EVENT_BATCH = 2_000;

/**
 * Checks every event against the chain, and the chain's end against the head row: a tail that was cut off leaves a
 * valid chain and a head that is further. Someone who rewrites the head as well can only be found from outside, by a
 * `seq` and `hash` noted elsewhere. The head is read first, so events that come in meanwhile do no harm.
 */
export async function verifyLedger(reader: Pick<StoredLedgerReader, 'readStored' | 'head'>): Promise<LedgerVerdict> {
  const head = await reader.head();
  const chain = new ChainVerifier();
  let hashAtHead = head.seq === 0 ? chain.head.hash : null;
  for (;;) {
    const events = await reader.readStored(chain.head.seq, EVENT_BATCH);
    for (const event of events) {
      const fault = chain.check(event);
      if (fault !== null) return { events: chain.head.seq, verified: false, head, firstBad: fault };
      if (event.seq === head.seq) hashAtHead = event.hash;
    }
    if (events.length < EVENT_BATCH) break;
  }
  const events = chain.head.seq;
  if (hashAtHead === head.hash) return { events, verified: true, head, firstBad: null };
  const reason =
    events < head.seq ? `head disagrees: it is at ${head.seq}, the events end at ${events}` : 'head disagrees';
  return { events, verified: false, head, firstBad: { seq: Math.min(events + 1, head.seq), reason } };
}
