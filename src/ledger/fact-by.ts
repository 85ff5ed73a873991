import type { EventDraft } from './event.ts';

/** What every fact carries beside its type and body. */
type Common = Omit<EventDraft, 'type' | 'body'>;

/**
 * The common fields of a fact that somebody brought about: it belongs to no task and rests on nothing, unless the caller
 * says otherwise. `at`: ISO 8601 UTC with milliseconds.
 */
export function factBy(actor: string, at: string): Common {
  return {
    actor,
    agent: null,
    taskId: null,
    runId: null,
    artifact: null,
    cause: null,
    idempotencyKey: null,
    at,
  };
}
