import * as z from 'zod';

/** Where a person is answered; kept with a modal, whose presses name no channel. */
const spotSchema = z.strictObject({ channel: z.string(), thread: z.string().nullable() });
export type Spot = z.infer<typeof spotSchema>;

/** null: not written by `writeSpot`. */
export function readSpot(privateMetadata: string): Spot | null {
  try {
    return spotSchema.safeParse(JSON.parse(privateMetadata)).data ?? null;
  } catch {
    return null;
  }
}

export function writeSpot({ channel, thread }: Spot): string {
  return JSON.stringify({ channel, thread });
}

/** Somebody used a button. */
export interface Pressed {
  user: string;
  /** Good for three seconds, and once. */
  trigger: string;
  actionId: string;
  value: string | undefined;
  /** null: where they pressed is not known any more. */
  spot: Spot | null;
  /** The modal that the button stands in; null: it stands in a message. */
  modal: string | null;
}

const Body = z.looseObject({
  user: z.looseObject({ id: z.string() }),
  trigger_id: z.string(),
  channel: z.looseObject({ id: z.string() }).optional(),
  container: z.looseObject({ message_ts: z.string().optional(), thread_ts: z.string().optional() }).optional(),
  view: z.looseObject({ id: z.string(), private_metadata: z.string().default('') }).optional(),
  actions: z.array(z.looseObject({ action_id: z.string(), value: z.string().optional() })).min(1),
});

/** null: not a press of ours. */
export function readPressed(body: unknown): Pressed | null {
  const read = Body.safeParse(body).data;
  const [action] = read?.actions ?? [];
  if (read === undefined || action === undefined) return null;
  const { user, trigger_id: trigger, view } = read;
  const spot = read.channel === undefined ? readSpot(view?.private_metadata ?? '') : spotOf(read.channel.id, read);
  return {
    user: user.id,
    trigger,
    actionId: action.action_id,
    value: action.value,
    spot,
    modal: view?.id ?? null,
  };
}

/** Beside the card: in its thread, or in the channel when the card stands there. */
function spotOf(channel: string, { container }: z.infer<typeof Body>): Spot {
  const thread = container?.thread_ts ?? null;
  return { channel, thread: thread === container?.message_ts ? null : thread };
}
