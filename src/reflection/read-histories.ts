import { isEvent } from '#src/ledger/event.ts';
import type { RecordedEvent } from '#src/ledger/event.ts';
import { requireNextEvent } from '#src/ledger/ledger-gap.ts';
import type { LedgerReader } from '#src/ports/unit-of-work.ts';
import { beginHistory, takeEvent } from './task-history.ts';
import type { TaskHistory } from './task-history.ts';

/** Events read at a time. */
const EVENT_BATCH = 5_000;

/** What the whole ledger tells about tasks. */
export interface LedgerReading {
  histories: TaskHistory[];
  /** When each conversation first came in, ISO 8601 UTC. */
  ideaAt: ReadonlyMap<string, string>;
  events: number;
}

/** Reads event by event. Throws FactoryError `ledger-gap` where one is missing. */
function createHistoryReader() {
  const histories = new Map<string, TaskHistory>();
  const ideaAt = new Map<string, string>();
  let seq = 0;
  return {
    take(event: RecordedEvent): void {
      requireNextEvent(event, seq);
      seq = event.seq;
      if (isEvent(event, 'conversation.ingested')) {
        const { conversationId } = event.body;
        if (!ideaAt.has(conversationId)) ideaAt.set(conversationId, event.at);
        return;
      }
      if (event.taskId === null) return;
      const history = histories.get(event.taskId);
      if (history !== undefined) return takeEvent(history, event);
      const begun = beginHistory(event);
      if (begun !== null) histories.set(event.taskId, begun);
    },
    reading: (): LedgerReading => ({ histories: [...histories.values()], ideaAt, events: seq }),
  };
}

/** Reads the ledger from its beginning. Throws FactoryError `ledger-gap`, and for versions that nobody knows. */
export async function readHistories(ledger: Pick<LedgerReader, 'read'>): Promise<LedgerReading> {
  const reader = createHistoryReader();
  for (let seq = 0; ; ) {
    const batch = await ledger.read(seq, EVENT_BATCH);
    for (const event of batch) reader.take(event);
    seq = batch.at(-1)?.seq ?? seq;
    if (batch.length < EVENT_BATCH) return reader.reading();
  }
}
