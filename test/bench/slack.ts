import { fork } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { openTestStore } from '#test/persistence/support.ts';
import type { TestStore } from '#test/persistence/support.ts';
import { startSlack } from '#test/support/slack/start-slack.ts';
import type { StandInSlack } from '#test/support/slack/start-slack.ts';
import type { ReceiverOrder, ReceiverReport } from './slack-receiver.ts';
import type { Measure, Table } from './table.ts';
import { show } from './table.ts';

const EVENTS_A_SECOND = 200;
/** Bare and kept take turns, so that whatever else the machine does meets both. */
const TURNS = 5;
const WARM_UP = 400;
const REDELIVERED = 1_000;
const AT_ONCE = 50;

type AppName = 'bare' | 'kept';
type Slack = StandInSlack<'ana' | 'ben', AppName, 'ideas'>;

/** A process of its own that receives what the stand-in sends to an app. */
interface Receiver {
  /** What it has worked on, and its heap after a collection. */
  report(): Promise<ReceiverReport>;
  stop(): void;
}

async function startReceiver(order: ReceiverOrder): Promise<Receiver> {
  const child = fork(new URL('./slack-receiver.ts', import.meta.url), { execArgv: ['--expose-gc'] });
  const ask = async (what: ReceiverOrder | 'report'): Promise<ReceiverReport> => {
    child.send(what);
    const [report] = (await once(child, 'message')) as [ReceiverReport];
    return report;
  };
  await ask(order);
  return { report: () => ask('report'), stop: () => child.disconnect() };
}

let said = 0;

/** What Slack sends when somebody says a sentence in a thread. */
function eventBody(slack: Slack, name: AppName): Record<string, unknown> {
  said += 1;
  const ts = `${1_700_000_000 + said}.000100`;
  return {
    token: 'verification',
    team_id: slack.team.id,
    api_app_id: slack.apps[name].id,
    type: 'event_callback',
    event_id: `Ev${said.toString().padStart(9, '0')}`,
    event_time: 1_700_000_000 + said,
    authorizations: [{ team_id: slack.team.id, user_id: slack.apps[name].botUserId, is_bot: true }],
    event: {
      type: 'message',
      channel: slack.channels.ideas,
      channel_type: 'channel',
      user: slack.people.ana.id,
      client_msg_id: `${said}`,
      ts,
      event_ts: ts,
      thread_ts: `${1_700_000_000 + (said % 40)}.000100`,
      text: 'The report should also show the totals of last month, next to those of this one.',
    },
  };
}

/** Milliseconds from sending to the acknowledgement. */
async function send(slack: Slack, name: AppName, body = eventBody(slack, name)): Promise<number> {
  const app = slack.workspace.apps.get(slack.apps[name].id);
  if (app === undefined) throw new Error(`there is no app ${name}`);
  const begin = performance.now();
  const { isAcknowledged, attempts } = await slack.deliveries.send(app, 'events_api', 'message', body);
  if (!isAcknowledged || attempts !== 1) throw new Error('an event was not acknowledged at once');
  return performance.now() - begin;
}

/** At a steady rate, whether answers come or not. */
async function sendFor(slack: Slack, name: AppName, seconds: number): Promise<number[]> {
  const sent: Promise<number>[] = [];
  const begin = performance.now();
  while (sent.length < seconds * EVENTS_A_SECOND) {
    const due = Math.min(seconds * EVENTS_A_SECOND, ((performance.now() - begin) * EVENTS_A_SECOND) / 1_000);
    while (sent.length < due) sent.push(send(slack, name));
    await sleep(1);
  }
  const times = await Promise.all(sent);
  slack.deliveries.all.length = 0;
  return times;
}

async function sendMany(slack: Slack, name: AppName, count: number): Promise<void> {
  let left = count;
  const sendNext = async (): Promise<void> => {
    while (left > 0) {
      left -= 1;
      await send(slack, name);
      if (slack.deliveries.all.length > 1_000) slack.deliveries.all.length = 0;
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, sendNext));
}

function quantile(times: readonly number[], share: number): number {
  const sorted = times.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

async function measureAcknowledging(slack: Slack, seconds: number): Promise<Table> {
  const times: Record<AppName, number[]> = { bare: [], kept: [] };
  for (const name of ['bare', 'kept'] as const) await sendMany(slack, name, WARM_UP);
  for (let turn = 0; turn < TURNS; turn += 1) {
    for (const name of ['bare', 'kept'] as const) times[name].push(...(await sendFor(slack, name, seconds / TURNS)));
  }
  const row = (title: string, values: readonly number[]) => [
    title,
    show(values.length),
    ...[0.5, 0.99, 1].map((share) => show(quantile(values, share), 2)),
  ];
  const ratio = (share: number) => show(quantile(times.kept, share) / quantile(times.bare, share), 2);
  return {
    title: `Slack: from an event to its acknowledgement, ${EVENTS_A_SECOND} events a second over Socket Mode`,
    columns: ['what receives', 'events', 'p50 ms', 'p99 ms', 'longest ms'],
    rows: [
      row('bare Bolt, acknowledges at once', times.bare),
      row('the factory: kept in PostgreSQL first', times.kept),
      ['ratio', '', ratio(0.5), ratio(0.99), ''],
    ],
    note: 'Aim: p99 under 150 ms; at most 3 times the bare Bolt at p50. Each receiver is a process of its own; they take turns.',
  };
}

async function measureRedelivery(slack: Slack, kept: Receiver): Promise<string[]> {
  const before = await kept.report();
  slack.deliveries.all.length = 0;
  for (let n = 0; n < REDELIVERED; n += AT_ONCE)
    await Promise.all(Array.from({ length: AT_ONCE }, () => send(slack, 'kept')));
  const first = [...slack.deliveries.all];
  await kept.report();
  for (let n = 0; n < first.length; n += AT_ONCE)
    await Promise.all(first.slice(n, n + AT_ONCE).map((delivery) => slack.deliveries.redeliver(delivery)));
  const after = await kept.report();
  return [`${show(REDELIVERED)} events, each sent once more`, `${show(after.handled - before.handled)} worked on`];
}

async function measureHeap(slack: Slack, kept: Receiver, events: number): Promise<string[][]> {
  const before = await kept.report();
  await sendMany(slack, 'kept', events);
  const after = await kept.report();
  const megabytes = (bytes: number) => `${show(bytes / 2 ** 20)} MiB`;
  return [
    ['heap before', megabytes(before.heapBytes)],
    [`heap after ${show(after.handled - before.handled)} more events`, megabytes(after.heapBytes)],
  ];
}

/** `--seconds=60`, `--events=100000`. */
function argument(name: string, otherwise: number): number {
  const given = process.argv.find((one) => one.startsWith(`--${name}=`));
  return given === undefined ? otherwise : Number(given.slice(name.length + 3));
}

async function measure(store: TestStore): Promise<Table[]> {
  const slack = await startSlack<'ana' | 'ben', AppName, 'ideas'>({ apps: { bare: {}, kept: {} }, retryAfterMs: [] });
  const receivers: Receiver[] = [];
  const start = async (name: AppName): Promise<Receiver> => {
    const { botToken, appToken } = slack.apps[name];
    const connection = name === 'kept' ? store.database.connection : null;
    const receiver = await startReceiver({ url: slack.url, botToken, appToken, connection });
    receivers.push(receiver);
    return receiver;
  };
  try {
    await start('bare');
    const kept = await start('kept');
    const acknowledging = await measureAcknowledging(slack, argument('seconds', 10));
    const rows = [
      await measureRedelivery(slack, kept),
      ...(await measureHeap(slack, kept, argument('events', 10_000))),
    ];
    return [
      acknowledging,
      {
        title: 'Slack: what comes again, and what many events leave behind',
        columns: ['what', 'result'],
        rows,
        note: 'Aim: no second effect, and a heap that does not grow with the events.',
      },
    ];
  } finally {
    for (const receiver of receivers) receiver.stop();
    await slack.close();
  }
}

/** Taking in what Slack sends: how long until it is durable, what a repetition does, and what stays in memory. */
export const slackMeasure: Measure = {
  name: 'slack',
  async run() {
    const store = await openTestStore();
    try {
      return await measure(store);
    } finally {
      await store.close();
    }
  },
};
