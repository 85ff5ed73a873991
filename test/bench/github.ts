import { fork } from 'node:child_process';
import { createHmac, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { openTestStore } from '#test/persistence/support.ts';
import type { TestStore } from '#test/persistence/support.ts';
import { examplePayloads } from '#test/support/github/delivery/example-payloads.ts';
import { isObject } from '#test/support/github/hub/json.ts';
import { measureCalls } from './github-calls.ts';
import { measureLarge } from './github-large.ts';
import type { ReceiverOrder } from './github-receiver.ts';
import type { Measure, Table } from './table.ts';
import { show } from './table.ts';

const WEBHOOKS_A_SECOND = 100;
/** Bare and kept take turns, so that whatever else the machine does meets both. */
const TURNS = 5;
const SECONDS_A_TURN = 2;
const WARM_UP = 200;
const SECRET = 'a secret for the bench';

/** A process of its own; answers its address. */
async function startReceiver(order: ReceiverOrder): Promise<{ url: string; stop(): void }> {
  const child = fork(new URL('./github-receiver.ts', import.meta.url));
  child.send(order);
  const [url] = (await once(child, 'message')) as [string];
  return { url, stop: () => child.disconnect() };
}

/** As GitHub sends a comment on an issue: signed, about 10 kB. */
function createSender(): (url: string) => Promise<number> {
  const example = examplePayloads().find(
    ({ event, payload }) => event === 'issue_comment' && isObject(payload.issue) && !('pull_request' in payload.issue),
  );
  const body = JSON.stringify(example?.payload);
  const signature = `sha256=${createHmac('sha256', SECRET).update(body).digest('hex')}`;
  return async (url) => {
    const headers = {
      'content-type': 'application/json',
      'x-github-event': 'issue_comment',
      'x-github-delivery': randomUUID(),
      'x-hub-signature-256': signature,
    };
    const begin = performance.now();
    const answer = await fetch(url, { method: 'POST', headers, body });
    await answer.arrayBuffer();
    if (answer.status !== 202) throw new Error(`a webhook was answered with ${answer.status}`);
    return performance.now() - begin;
  };
}

/** At a steady rate, whether answers come or not. */
async function sendFor(send: () => Promise<number>, seconds: number): Promise<number[]> {
  const sent: Promise<number>[] = [];
  const begin = performance.now();
  while (sent.length < seconds * WEBHOOKS_A_SECOND) {
    const due = Math.min(seconds * WEBHOOKS_A_SECOND, ((performance.now() - begin) * WEBHOOKS_A_SECOND) / 1_000);
    while (sent.length < due) sent.push(send());
    await sleep(1);
  }
  return Promise.all(sent);
}

function quantile(times: readonly number[], share: number): number {
  const sorted = times.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

async function measure(store: TestStore): Promise<Table> {
  const bare = await startReceiver({ secret: SECRET, connection: null });
  const kept = await startReceiver({ secret: SECRET, connection: store.database.connection });
  try {
    const send = createSender();
    const times: { bare: number[]; kept: number[] } = { bare: [], kept: [] };
    for (let n = 0; n < WARM_UP; n += 1) await Promise.all([send(bare.url), send(kept.url)]);
    for (let turn = 0; turn < TURNS; turn += 1) {
      times.bare.push(...(await sendFor(() => send(bare.url), SECONDS_A_TURN)));
      times.kept.push(...(await sendFor(() => send(kept.url), SECONDS_A_TURN)));
    }
    const row = (title: string, values: readonly number[]) => [
      title,
      show(values.length),
      ...[0.5, 0.99, 1].map((share) => show(quantile(values, share), 2)),
    ];
    const ratio = (share: number) => show(quantile(times.kept, share) / quantile(times.bare, share), 2);
    return {
      title: `GitHub: from a webhook to its acknowledgement, ${WEBHOOKS_A_SECOND} a second`,
      columns: ['what receives', 'webhooks', 'p50 ms', 'p99 ms', 'longest ms'],
      rows: [
        row('bare HTTP, answers at once', times.bare),
        row('the factory: signature checked, kept in PostgreSQL first', times.kept),
        ['ratio', '', ratio(0.5), ratio(0.99), ''],
      ],
      note: 'GitHub gives up after 10 s. Each receiver is a process of its own; they take turns.',
    };
  } finally {
    bare.stop();
    kept.stop();
  }
}

/** What GitHub sends, how often it is called, and what a large repository costs. */
export const githubMeasure: Measure = {
  name: 'github',
  async run() {
    const store = await openTestStore();
    try {
      return [await measure(store), await measureCalls(), await measureLarge()];
    } finally {
      await store.close();
    }
  },
};
