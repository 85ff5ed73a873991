import type * as z from 'zod';
import type { EventDefinition } from './define-event.ts';
import type { EventDraft } from './event.ts';
import { eventDefinitions } from './event-types.ts';
import type { RowChange } from './rows.ts';
import { storableChange } from './storable.ts';

/**
 * The rows that an event changes. The same function writes them when the event happens and rebuilds them in a replay.
 * `content` is the parsed artifact that the event names; `undefined` when there is none or it was erased.
 */
export function projectEvent(event: EventDraft, content: unknown): RowChange[] {
  const definition = eventDefinitions[event.type] as unknown as EventDefinition<z.ZodType>;
  const changes = definition.rows({
    body: event.body,
    actor: event.actor,
    taskId: event.taskId,
    runId: event.runId,
    at: event.at,
    artifact: event.artifact,
    content,
  });
  return changes.map(storableChange);
}
