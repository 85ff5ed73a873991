import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Json } from '../workspace/json.ts';
import type { SlackApp } from '../workspace/types.ts';
import type { Workspace } from '../workspace/workspace.ts';
import type { DeliveryFaults } from './delivery-faults.ts';
import { sendSigned } from './signed-http.ts';
import type { SocketMode } from './socket-mode.ts';

export type DeliveryKind = 'events_api' | 'interactive' | 'slash_commands';

/** Something that Slack told an app, or tried to. */
export interface Delivery {
  app: string;
  kind: DeliveryKind;
  /** Of events. */
  eventId: string | null;
  /** `message`, `block_actions`, `/workbench`, … */
  type: string;
  body: Json;
  /** How many times it was sent. */
  attempts: number;
  isAcknowledged: boolean;
  /** What came back with the acknowledgement. */
  answer: Json | null;
  /** HTTP statuses, one an attempt; null: no answer. Empty over Socket Mode. */
  statuses: (number | null)[];
}

export interface Deliveries {
  /** Everything that was ever sent, oldest first. */
  all: Delivery[];
  send(app: SlackApp, kind: DeliveryKind, type: string, body: Json): Promise<Delivery>;
  /** Once more, under its old event id and with a retry header, as when an acknowledgement was lost. */
  redeliver(delivery: Delivery): Promise<Delivery>;
  /** Resolves when nothing is under way any more. */
  settled(): Promise<void>;
  stop(): void;
}

export interface DeliveryTimes {
  /** How long Slack waits for an acknowledgement; 3 s in the real one. */
  ackTimeoutMs: number;
  /** Pauses before each further attempt of an event. Slack's own: at once, 1 minute, 5 minutes. */
  retryAfterMs: readonly number[];
}

export function createDeliveries(
  workspace: Workspace,
  sockets: SocketMode,
  faults: DeliveryFaults,
  times: DeliveryTimes,
): Deliveries {
  const all: Delivery[] = [];
  const underWay = new Set<Promise<unknown>>();
  let isStopped = false;

  const attempt = async (app: SlackApp, delivery: Delivery, retry: number): Promise<boolean> => {
    delivery.attempts += 1;
    const loses = faults.loseAck.take();
    const result = app.requestUrl === null ? await bySocket(app, delivery, retry) : await byHttp(app, delivery, retry);
    if (result === 'final') return true;
    if (result === null || loses) return false;
    Object.assign(delivery, { isAcknowledged: true, answer: result });
    return true;
  };

  const bySocket = async (app: SlackApp, { kind, body }: Delivery, retry: number): Promise<Json | null> => {
    const envelope = {
      envelope_id: randomUUID(),
      type: kind,
      payload: body,
      accepts_response_payload: kind !== 'events_api',
      ...(kind === 'events_api' ? { retry_attempt: retry, retry_reason: retry > 0 ? 'timeout' : '' } : {}),
    };
    const sent = sockets.send(app, envelope);
    const timeout = new AbortController();
    try {
      return await Promise.race([
        sent.answer,
        sleep(times.ackTimeoutMs, null, { signal: timeout.signal, ref: false }).catch(() => null),
      ]);
    } finally {
      timeout.abort();
      sent.forget();
    }
  };

  const byHttp = async (app: SlackApp, delivery: Delivery, retry: number): Promise<Json | 'final' | null> => {
    const isForged = faults.forgeSignature.take();
    const isOld = faults.ageTimestamp.take();
    const { answer, status, isFinal } = await sendSigned(app, {
      kind: delivery.kind,
      body: delivery.body,
      retry: retry > 0 ? { attempt: retry, reason: 'http_timeout' } : null,
      atMs: workspace.clock.nowMs() - (isOld ? 10 * 60_000 : 0),
      secret: isForged ? 'not-the-secret' : app.signingSecret,
      timeoutMs: times.ackTimeoutMs,
    });
    delivery.statuses.push(status);
    return answer === null && isFinal ? 'final' : answer;
  };

  const run = async (app: SlackApp, delivery: Delivery, firstRetry: number): Promise<Delivery> => {
    if (faults.drop.take()) return delivery;
    await faults.pause();
    if (faults.duplicate.take()) void track(attempt(app, delivery, 0));
    if (await attempt(app, delivery, firstRetry)) return delivery;
    // Only events are tried again: a press or a command fails before the person's eyes.
    if (delivery.kind !== 'events_api' || firstRetry > 0) return delivery;
    for (const [index, pauseMs] of times.retryAfterMs.entries()) {
      await sleep(pauseMs, null, { ref: false });
      if (isStopped || (await attempt(app, delivery, index + 1))) return delivery;
    }
    return delivery;
  };

  const track = <Result>(promise: Promise<Result>): Promise<Result> => {
    const settled = promise.finally(() => underWay.delete(settled));
    underWay.add(settled);
    return settled;
  };

  return {
    all,
    send(app, kind, type, body) {
      const eventId = kind === 'events_api' && typeof body.event_id === 'string' ? body.event_id : null;
      const delivery: Delivery = {
        app: app.name,
        kind,
        eventId,
        type,
        body,
        attempts: 0,
        isAcknowledged: false,
        answer: null,
        statuses: [],
      };
      all.push(delivery);
      return track(run(app, delivery, 0));
    },
    redeliver(delivery) {
      const app = [...workspace.apps.values()].find(({ name }) => name === delivery.app);
      if (app === undefined) throw new Error(`There is no app ${delivery.app}.`);
      return track(run(app, delivery, 1));
    },
    async settled() {
      while (underWay.size > 0) await Promise.allSettled(underWay);
    },
    stop: () => void (isStopped = true),
  };
}
