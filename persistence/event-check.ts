import * as z from 'zod';
import { FactoryError } from '#src/errors.ts';
import { canonicalJson } from '#src/ledger/canonical-json.ts';
import type { EventDraft, RecordedEvent } from '#src/ledger/event.ts';
import { eventDefinitions } from '#src/ledger/event-types.ts';
import { isStorable } from '#src/ledger/storable.ts';

/**
 * The largest body, in bytes. Bodies hold ids, hashes and facts; the largest so far, the stories of a conversation,
 * takes about 250 bytes a story. What is larger belongs into an artifact.
 */
export const MAX_BODY_BYTES = 262_144;

const text = z.string().min(1).refine(isStorable, 'holds a character that no database text can hold');
const envelope = z.object({
  actor: text,
  agent: text.nullable(),
  taskId: text.nullable(),
  runId: text.nullable(),
  artifact: z
    .string()
    .regex(/^[0-9a-f]{64}$/, 'is not a sha256 in hex')
    .nullable(),
  cause: text.nullable(),
  idempotencyKey: text.nullable(),
  at: z.iso.datetime({ precision: 3, message: 'is not a UTC time with milliseconds' }),
});

/** Checks a draft against its type. What comes back has the body exactly as a replay will read it. */
export function checkEvent(stream: string, draft: EventDraft): Pick<RecordedEvent, 'body' | 'bodyText' | 'version'> {
  const definition = Object.hasOwn(eventDefinitions, draft.type) ? eventDefinitions[draft.type] : undefined;
  if (definition === undefined) throw invalid(draft, 'there is no such type');
  if (stream === '' || !isStorable(stream)) throw invalid(draft, 'its stream has no usable name');
  const around = envelope.safeParse(draft);
  if (!around.success) throw invalid(draft, z.prettifyError(around.error));
  const body = definition.body.safeParse(draft.body);
  if (!body.success) throw invalid(draft, z.prettifyError(body.error));
  const bodyText = canonicalJson(body.data);
  const bytes = Buffer.byteLength(bodyText, 'utf8');
  if (bytes > MAX_BODY_BYTES) throw invalid(draft, `its body has ${bytes} bytes, more than ${MAX_BODY_BYTES}`);
  return { body: JSON.parse(bodyText) as RecordedEvent['body'], bodyText, version: definition.version };
}

function invalid(draft: EventDraft, reason: string): FactoryError {
  return new FactoryError('event-invalid', `The fact "${draft.type}" cannot be recorded: ${reason}.`, {
    fix: 'This is a fault of the workbench: report it with the log of this run.',
    isOwnFault: true,
  });
}
