import { FactoryError } from '#src/errors.ts';
import type { RecordedEvent } from './event.ts';
import { type EventType, eventDefinitions } from './event-types.ts';
import type { HashedEvent } from './hash-chain.ts';

/** An event as the ledger's table has it: what the chain is made of, whatever its type means. */
export type StoredEvent = HashedEvent & { hash: string };

/** Turns the body of one version into that of the next. The recorded bytes stay as they are. */
export type Upcaster = (body: unknown) => unknown;

/** By event type, then by the version that is turned into the next. */
export type Upcasters = Partial<Record<EventType, Readonly<Record<number, Upcaster>>>>;

/** No body has changed its shape so far: every event is at version 1. */
const upcasters: Upcasters = {};

/**
 * A stored event with its body in today's shape. Throws FactoryError `ledger-unknown-event` for a type or version that
 * this workbench does not know: what is skipped would be missing from every projection.
 */
export function upcast(stored: StoredEvent, steps: Upcasters = upcasters): RecordedEvent {
  if (!isKnownType(stored.type)) throw unknownEvent(stored, 'its type is not known here');
  const { version } = eventDefinitions[stored.type];
  if (stored.version > version) throw unknownEvent(stored, `the newest version known here is ${version}`);
  let body = parseBody(stored);
  for (let from = stored.version; from < version; from += 1) {
    const step = steps[stored.type]?.[from];
    if (step === undefined) throw unknownEvent(stored, `nothing turns version ${from} into version ${from + 1}`);
    body = step(body);
  }
  return { ...stored, type: stored.type, body: body as RecordedEvent['body'] };
}

function isKnownType(type: string): type is EventType {
  return Object.hasOwn(eventDefinitions, type);
}

function parseBody(stored: StoredEvent): unknown {
  try {
    return JSON.parse(stored.bodyText) as unknown;
  } catch (cause) {
    throw unknownEvent(stored, 'its body is not JSON', cause);
  }
}

function unknownEvent(stored: StoredEvent, reason: string, cause?: unknown): FactoryError {
  return new FactoryError(
    'ledger-unknown-event',
    `Event ${stored.seq} (${stored.type}, version ${stored.version}) cannot be read: ${reason}.`,
    {
      fix: 'Start the newest workbench that wrote to this data, and check the ledger with: workbench ledger verify',
      cause,
    },
  );
}
