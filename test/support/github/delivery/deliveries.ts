import { randomUUID } from 'node:crypto';
import type { Json } from '../hub/json.ts';
import type { App, Repository } from '../hub/types.ts';
import type { DeliveryFaults } from './delivery-faults.ts';
import { sendSigned } from './send-signed.ts';

/** Who wants to be told: a hook of a repository, or an app's. */
export interface Webhook {
  id: number;
  url: string;
  secret: string;
  /** Null: all. */
  events: readonly string[] | null;
  app: App | null;
  /** Of a repository's own hook. */
  repository: Repository | null;
}

/** Something that GitHub told somebody, or tried to. */
export interface Delivery {
  id: string;
  event: string;
  action: string | null;
  payload: Json;
  hook: Webhook;
  /** One an attempt; null: no answer in time. Empty: it was never sent. */
  statuses: (number | null)[];
}

export interface Deliveries {
  hooks: Webhook[];
  /** Everything that was to be sent, oldest first. */
  all: Delivery[];
  /** One after another, in the order in which things happened. */
  send(hook: Webhook, event: string, payload: Promise<Json>): void;
  /** What a person does on GitHub's pages: once more, under its old id. GitHub never does it by itself. */
  redeliver(delivery: Delivery): Promise<void>;
  /** Sends what a fault keeps late, and resolves when nothing is under way any more. */
  settled(): Promise<void>;
  /** Nothing is sent any more. */
  stop(): void;
}

export function createDeliveries(
  faults: DeliveryFaults,
  { timeoutMs }: { /** GitHub waits 10 s. */ timeoutMs: number },
): Deliveries {
  const all: Delivery[] = [];
  const late: Delivery[] = [];
  let underWay: Promise<unknown> = Promise.resolve();
  let isStopped = false;

  const attempt = async (delivery: Delivery): Promise<void> => {
    if (isStopped) return;
    const { hook } = delivery;
    const secret = faults.forgeSignature.take() ? 'not-the-secret' : hook.secret;
    const status = await sendSigned({
      url: hook.url,
      event: delivery.event,
      deliveryId: delivery.id,
      hookId: hook.id,
      target:
        hook.app === null
          ? { type: 'repository', id: hook.repository?.id ?? 0 }
          : { type: 'integration', id: hook.app.id },
      text: JSON.stringify(delivery.payload),
      secret: faults.omitSignature.take() ? null : secret,
      timeoutMs,
    });
    delivery.statuses.push(status);
  };

  const run = async (delivery: Delivery): Promise<void> => {
    if (faults.drop.take()) return;
    if (faults.late.take()) return void late.push(delivery);
    await attempt(delivery);
    if (faults.duplicate.take()) await attempt(delivery);
    for (const held of late.splice(0)) await attempt(held);
  };

  const inOrder = (work: () => Promise<void>): Promise<void> => {
    const turn = underWay.then(work);
    underWay = turn.catch(() => undefined);
    return turn;
  };

  return {
    hooks: [],
    all,
    send(hook, event, promised) {
      void inOrder(async () => {
        const payload = await promised;
        const action = typeof payload.action === 'string' ? payload.action : null;
        const delivery: Delivery = { id: randomUUID(), event, action, payload, hook, statuses: [] };
        all.push(delivery);
        await run(delivery);
      }).catch(() => undefined);
    },
    redeliver: (delivery) => inOrder(() => attempt(delivery)),
    async settled() {
      for (let seen: unknown = null; seen !== underWay; ) {
        seen = underWay;
        await underWay;
      }
      for (const held of late.splice(0)) await attempt(held);
    },
    stop: () => void (isStopped = true),
  };
}
