import { isEvent } from '#src/ledger/event.ts';
import type { RecordedEvent } from '#src/ledger/event.ts';

/** Whose word a merge rests on, beside its commit: "approved by grace". null: it was not merged. */
export function mergeWords(events: readonly RecordedEvent[]): string | null {
  let approved: string | null = null;
  for (const event of events) {
    if (isEvent(event, 'approval.granted')) {
      const { approver, byRequester } = event.body;
      approved = byRequester ? `approved by its requester, ${approver}` : `approved by ${approver}`;
    } else if (isEvent(event, 'pull-request.merged')) {
      return approved;
    } else if (isEvent(event, 'pull-request.merged-by-hand')) {
      return `merged by hand by ${event.body.mergedBy ?? 'somebody'}, without an approval here`;
    }
  }
  return null;
}
