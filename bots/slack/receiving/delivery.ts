import { createHash } from 'node:crypto';
import * as z from 'zod';
import { haltWordIn } from '#src/desk/halt-words.ts';
import type { Receipt } from '#bots/receiving/inbox-worker.ts';

const Place = z.looseObject({ thread_ts: z.string().optional(), ts: z.string().optional() });

/** What every body of Slack says of itself, as far as taking it in needs it. */
const Envelope = z.looseObject({
  api_app_id: z.string().optional(),
  event_id: z.string().optional(),
  trigger_id: z.string().optional(),
  event: z
    .looseObject({
      type: z.string().optional(),
      text: z.string().optional(),
      channel: z.unknown().optional(),
      thread_ts: z.string().optional(),
      ts: z.string().optional(),
      event_ts: z.string().optional(),
      message: Place.optional(),
      previous_message: Place.optional(),
    })
    .optional(),
});

/**
 * How a body is kept apart from all others; Slack sends the same one again when it saw no answer in time. Presses,
 * commands and modals have no event id; their trigger is as good. It lets a modal be opened for three seconds only.
 */
export function receiptOf(body: unknown): Receipt {
  const envelope = Envelope.safeParse(body).data ?? {};
  const app = envelope.api_app_id ?? '';
  const id =
    envelope.event_id ?? envelope.trigger_id ?? createHash('sha256').update(JSON.stringify(body)).digest('hex');
  const { event } = envelope;
  const isUrgent = event === undefined || event.type === NATIVE_STOP || isHalt(event);
  const order = event?.event_ts ?? event?.ts ?? '';
  return { key: `slack:${app}:${id}`, lane: laneOf(envelope, id), isUrgent, order };
}

/** Slack's own Stop button comes as an event, though it is a press. */
const NATIVE_STOP = 'agent_session_stopped';

const CALL_AT_START = /^\s*<@[A-Z0-9]+(?:\|[^<>]*)?>[\s,:]*/;

/** Whether somebody types that all work is to stop, or may go on: that is never behind other words of its thread. */
function isHalt({ type, text }: NonNullable<z.infer<typeof Envelope>['event']>): boolean {
  const isSaid = type === 'message' || type === 'app_mention';
  return isSaid && text !== undefined && haltWordIn(text.replace(CALL_AT_START, '')) !== null;
}

/** Words of a thread stay in order; what a person presses waits for nobody. */
function laneOf({ event }: z.infer<typeof Envelope>, id: string): string {
  if (event === undefined || event.type === NATIVE_STOP || typeof event.channel !== 'string') return id;
  // Slack tells of one gesture under several events: those stay one after the other.
  if (isHalt(event)) return `halt/${event.channel}/${event.ts ?? id}`;
  const message = event.message ?? event.previous_message ?? event;
  return `${event.channel}/${message.thread_ts ?? message.ts ?? event.thread_ts ?? event.ts ?? id}`;
}
