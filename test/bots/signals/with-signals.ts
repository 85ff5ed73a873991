import { createHmac, randomUUID } from 'node:crypto';
import { onTestFinished } from 'vitest';
import { startSignals } from '#bots/signals/create-signals.ts';
import type { SignalsDependencies } from '#bots/signals/create-signals.ts';
import type { Delivery, Inbox } from '#src/ports/unit-of-work.ts';
import { openTestStore, project } from '#test/persistence/support.ts';

export const SECRET = 'a secret for the tests';
export const NOW = '2026-11-20T10:00:00.000Z';

export const SIGNAL = {
  timestamp: '2026-11-20T09:59:50Z',
  service: 'checkout',
  signal: 'error-rate',
  severity: 'error',
  details: { rate: 0.12 },
};

export interface Sent {
  status: number;
  headers: Headers;
  /** undefined: none. */
  body: unknown;
  /** What it says is wrong. */
  message: string;
}

/** Signals are taken for one project and kept in memory, and nobody looks at them. All goes away with the test. */
export async function receivingSignals(options: Partial<Pick<SignalsDependencies, 'limits'>> & { fails?: Error } = {}) {
  const kept = new Map<string, Delivery>();
  const projects = [{ id: 'project-1', slug: 'greetings' }];
  const inbox: Inbox = {
    async accept(delivery) {
      if (options.fails !== undefined) throw options.fails;
      if (kept.has(delivery.key)) return 'duplicate';
      kept.set(delivery.key, delivery);
      return 'accepted';
    },
    pending: async () => [],
    async done() {},
  };
  const tables = {
    find: async (_table: string, { slug }: { slug?: string }) =>
      projects.filter((project) => slug === undefined || project.slug === slug),
  };
  const unitOfWork = { inbox, tables, transact: unasked } as unknown as SignalsDependencies['unitOfWork'];
  const taking = await takingSignals(unitOfWork, options);
  return { ...taking, projects, waiting: () => [...kept.values()] };
}

const unasked = (): never => {
  throw new Error('nobody should write here');
};

/** Signals are taken for one project on a real store. */
export async function withSignals() {
  const store = await openTestStore();
  const { unitOfWork } = store;
  onTestFinished(() => store.close());
  const projectId = randomUUID();
  const addProject = async (id: string) =>
    unitOfWork.transact(async (transaction) => transaction.append(`project:${id}`, 0, [project(id)]));
  await addProject(projectId);
  const taking = await takingSignals(unitOfWork, {});
  return {
    ...taking,
    ...{ unitOfWork, projectId, addProject },
    incidents: () => unitOfWork.tables.find('incidents', {}, { orderBy: 'firstAt' }),
    waiting: () => unitOfWork.inbox.pending('signals', 1000),
  };
}

async function takingSignals(
  unitOfWork: SignalsDependencies['unitOfWork'],
  options: Partial<Pick<SignalsDependencies, 'limits'>>,
) {
  let now = Date.parse(NOW);
  const lines: string[] = [];
  const line = (level: string) => (fields: object, message: string) =>
    void lines.push(`${level}: ${message} ${JSON.stringify(fields)}`);
  const deps: SignalsDependencies = {
    settings: { port: 0, secret: SECRET },
    ...{ unitOfWork, clock: { now: () => new Date(now) }, ids: { next: () => randomUUID() } },
    log: { debug: line('debug'), info: line('info'), warn: line('warn'), error: line('error') },
    ...(options.limits === undefined ? {} : { limits: options.limits }),
  };
  let signals = await startSignals(deps);
  onTestFinished(() => signals.stop());

  /** A text is sent as it is. `headers` undefined: left out. */
  async function send(
    body: unknown = SIGNAL,
    { path = '/signals', method = 'POST', headers = {}, secret = SECRET, at = now }: SendOptions = {},
  ): Promise<Sent> {
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    const given = { ...signed(text, at, secret), ...headers };
    const answer = await fetch(`http://127.0.0.1:${signals.port}${path}`, {
      method,
      headers: Object.fromEntries(
        Object.entries(given).filter((pair): pair is [string, string] => pair[1] !== undefined),
      ),
      ...(method === 'GET' ? {} : { body: text }),
    });
    const said = await answer.text();
    const parsed = said === '' ? undefined : (JSON.parse(said) as { error?: { message: string } });
    return { status: answer.status, headers: answer.headers, body: parsed, message: parsed?.error?.message ?? '' };
  }

  return {
    ...{ lines, send },
    port: () => signals.port,
    later: (ms: number) => void (now += ms),
    settle: () => signals.settle(),
    async restart() {
      await signals.stop();
      signals = await startSignals(deps);
    },
  };
}

interface SendOptions {
  path?: string;
  method?: string;
  headers?: Record<string, string | undefined>;
  secret?: string;
  /** When it was signed, in milliseconds. */
  at?: number;
}

/** What every sender sets. */
export function signed(body: string, atMs: number, secret = SECRET): Record<string, string | undefined> {
  const timestamp = String(Math.floor(atMs / 1000));
  return {
    'content-type': 'application/json',
    'x-factory-timestamp': timestamp,
    'x-factory-signature': `sha256=${createHmac('sha256', secret).update(`${timestamp}.${body}`).digest('hex')}`,
  };
}
