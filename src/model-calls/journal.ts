import type { RecordedEvent } from '#src/ledger/event.ts';
import { isEvent } from '#src/ledger/event.ts';

/** A call as its stream tells it. Positions are those of the stream. */
export interface JournalEntry {
  callId: string;
  stepKey: string;
  persona: string;
  ordinal: number;
  askedPosition: number;
  requestArtifact: string;
  answer: { position: number; artifact: string } | null;
}

/** All calls of a stream, in the order in which they were asked. */
export function readJournal(events: readonly RecordedEvent[]): JournalEntry[] {
  const entries = new Map<string, JournalEntry>();
  for (const event of events) {
    if (isEvent(event, 'model.asked')) {
      const { callId, stepKey, persona, ordinal } = event.body;
      const asked = { askedPosition: event.position, requestArtifact: event.artifact ?? '', answer: null };
      entries.set(callId, { callId, stepKey, persona, ordinal, ...asked });
    }
    if (isEvent(event, 'model.answered')) {
      const entry = entries.get(event.body.callId);
      if (entry !== undefined) entry.answer = { position: event.position, artifact: event.artifact ?? '' };
    }
  }
  return [...entries.values()];
}

/**
 * Answers that an earlier go has for the call of this ordinal, the first one first. Only those count that were asked
 * after the answer before it (`afterPosition`): others belong to a conversation that took another turn.
 */
export function answersAt(
  journal: readonly JournalEntry[],
  call: { stepKey: string; persona: string; ordinal: number; afterPosition: number },
): (JournalEntry & { answer: NonNullable<JournalEntry['answer']> })[] {
  return journal.filter(
    (entry): entry is JournalEntry & { answer: NonNullable<JournalEntry['answer']> } =>
      entry.answer !== null &&
      entry.stepKey === call.stepKey &&
      entry.persona === call.persona &&
      entry.ordinal === call.ordinal &&
      entry.askedPosition > call.afterPosition,
  );
}

/** `base`, or where it was asked before without a usable answer `base#2`, `base#3` … */
export function nextCallId(journal: readonly JournalEntry[], base: string): string {
  const before = journal.filter(({ callId }) => isCall(callId, base)).length;
  return before === 0 ? base : `${base}#${before + 1}`;
}

/** Whether a recorded call is `base` or one more try of it. */
export function isCall(callId: string, base: string): boolean {
  return callId === base || callId.startsWith(`${base}#`);
}
