import { createHmac } from 'node:crypto';
import { request } from 'node:http';
import type { IncomingMessage } from 'node:http';
import { describe, expect, it, onTestFinished } from 'vitest';
import { listenForWebhooks, WEBHOOK_PATH } from '#bots/github/receiving/listen.ts';
import type { Told } from '#bots/github/receiving/told.ts';
import type { Log } from '#src/ports/log.ts';
import { startInboxWorker } from '#bots/receiving/inbox-worker.ts';
import { receiptOf } from '#bots/github/receiving/told.ts';
import { systemClock } from '#src/ports/clock.ts';
import { silentLog } from '#src/ports/log.ts';
import { openTestStore } from '#test/persistence/support.ts';
import { examplePayloads } from '#test/support/github/delivery/example-payloads.ts';

const SECRET = 'a secret for tests';

async function listening({
  accept = async () => {},
  limits = { maxBytes: 100_000, timeoutMs: 10_000 },
}: {
  accept?: (told: Told) => Promise<void>;
  limits?: { maxBytes: number; timeoutMs: number };
} = {}) {
  const kept: Told[] = [];
  const lines: string[] = [];
  const line = (level: string) => (_fields: unknown, message: string) => void lines.push(`${level}: ${message}`);
  const log: Log = { debug: line('debug'), info: line('info'), warn: line('warn'), error: line('error') };
  const webhooks = await listenForWebhooks({
    port: 0,
    secret: SECRET,
    log,
    limits,
    async accept(told) {
      await accept(told);
      kept.push(told);
    },
  });
  onTestFinished(() => webhooks.stop());
  return { kept, lines, url: `http://127.0.0.1:${webhooks.port}${WEBHOOK_PATH}`, port: webhooks.port };
}

let deliveries = 0;
function headersFor(body: string, event = 'issues'): Record<string, string> {
  deliveries += 1;
  return {
    'content-type': 'application/json',
    'x-github-event': event,
    'x-github-delivery': `72d3162e-cc78-11e3-81ab-${String(deliveries).padStart(12, '0')}`,
    'x-github-hook-installation-target-id': '79929171',
    'x-hub-signature-256': `sha256=${createHmac('sha256', SECRET).update(body).digest('hex')}`,
  };
}

const BODY = JSON.stringify({
  action: 'opened',
  issue: { number: 7, labels: [{ name: 'factory' }], body: 'words' },
  repository: { full_name: 'acme/shop' },
});

async function post(
  url: string,
  body: string,
  headers: Record<string, string> = {},
  event = 'issues',
): Promise<number> {
  const answer = await fetch(url, { method: 'POST', headers: { ...headersFor(body, event), ...headers }, body });
  await answer.arrayBuffer();
  return answer.status;
}

describe('a delivery', () => {
  it('is kept as what it tells of, without its words, and then acknowledged', async () => {
    const { url, kept, lines } = await listening();
    expect(await post(url, BODY)).toBe(202);
    expect(kept).toEqual([
      {
        key: expect.stringMatching(/^github:79929171:72d3162e-/),
        repository: 'acme/shop',
        number: 7,
        labels: ['factory'],
      },
    ]);
    expect(lines).toEqual([]);
  });

  it('that cannot be kept is not acknowledged', async () => {
    const { url } = await listening({
      accept: async () => {
        throw new Error('the database is away');
      },
    });
    expect(await post(url, BODY)).toBe(503);
  });

  it.each([
    ['is missing', undefined],
    ['is of another secret', `sha256=${createHmac('sha256', 'guessed').update(BODY).digest('hex')}`],
    ['is of another body', `sha256=${createHmac('sha256', SECRET).update(`${BODY} `).digest('hex')}`],
    ['is of the older kind', `sha1=${createHmac('sha1', SECRET).update(BODY).digest('hex')}`],
    ['is cut', `sha256=${createHmac('sha256', SECRET).update(BODY).digest('hex').slice(0, 63)}`],
  ])('whose signature %s is refused, kept nowhere and said once: C26', async (_how, signature) => {
    const { url, kept, lines } = await listening();
    const { 'x-hub-signature-256': _right, ...headers } = headersFor(BODY);
    const given: Record<string, string> = signature === undefined ? {} : { 'x-hub-signature-256': signature };
    const answer = await fetch(url, { method: 'POST', headers: { ...headers, ...given }, body: BODY });
    expect(answer.status).toBe(401);
    expect(kept).toEqual([]);
    expect(lines).toEqual([expect.stringMatching(/^warn: a delivery with(?:out)? a .*signature was refused$/)]);
  });

  it('of an event that is not listened to is acknowledged and dropped', async () => {
    const { url, kept, lines } = await listening();
    expect(await post(url, JSON.stringify({ action: 'started' }), {}, 'watch')).toBe(202);
    expect(await post(url, JSON.stringify({ zen: 'Keep it logically awesome.' }), {}, 'ping')).toBe(202);
    expect(kept).toEqual([]);
    expect(lines).toEqual(['debug: an event that is not listened to', 'debug: an event that is not listened to']);
  });

  it('that only shows our own comment is dropped: A26', async () => {
    const { url, kept } = await listening();
    const comment = { body: '<!-- factory-workbench:questions -->\nWho is this for?' };
    const issue = { number: 7, labels: [{ name: 'factory' }] };
    const body = JSON.stringify({ action: 'created', issue, comment, repository: { full_name: 'acme/shop' } });
    expect(await post(url, body, {}, 'issue_comment')).toBe(202);
    expect(kept).toEqual([]);
  });

  it.each([
    ['is no JSON', BODY.slice(1), {}, 400],
    ['says that it is a form', BODY, { 'content-type': 'application/x-www-form-urlencoded' }, 415],
    ['has no id', BODY, { 'x-github-delivery': '' }, 400],
    ['has an id that GitHub does not make', BODY, { 'x-github-delivery': 'x'.repeat(300) }, 400],
  ])('that %s is refused', async (_what, body, headers, status) => {
    const { url, kept } = await listening();
    expect(await post(url, body, headers)).toBe(status);
    expect(kept).toEqual([]);
  });

  it('that is too large is refused before it is read, with or without its length', async () => {
    const { url, port, kept } = await listening();
    const large = JSON.stringify({ ...JSON.parse(BODY), padding: 'x'.repeat(200_000) });
    expect(await post(url, large).catch(() => 413)).toBe(413);
    const headers = { ...headersFor(large), 'transfer-encoding': 'chunked' };
    const status = await new Promise<number | undefined>((resolve) => {
      const sending = request({ port, path: WEBHOOK_PATH, method: 'POST', headers }, (answer: IncomingMessage) => {
        answer.resume();
        resolve(answer.statusCode);
      });
      sending.on('error', () => resolve(413));
      sending.write(large.slice(0, 150_000));
    });
    expect(status).toBe(413);
    expect(kept).toEqual([]);
  });

  it('that comes too slowly is given up', async () => {
    const { port, kept } = await listening({ limits: { maxBytes: 100_000, timeoutMs: 50 } });
    const headers = { ...headersFor(BODY), 'content-length': String(BODY.length) };
    const status = await new Promise<number | undefined>((resolve) => {
      const sending = request({ port, path: WEBHOOK_PATH, method: 'POST', headers }, (answer: IncomingMessage) => {
        answer.resume();
        resolve(answer.statusCode);
      });
      sending.on('error', () => {});
      sending.write(BODY.slice(0, 10));
      onTestFinished(() => void sending.destroy());
    });
    expect(status).toBe(408);
    expect(kept).toEqual([]);
  });

  it('is taken on one path, and only when it is posted', async () => {
    const { url, port } = await listening();
    expect((await fetch(url)).status).toBe(405);
    expect((await fetch(`http://127.0.0.1:${port}/`, { method: 'POST', body: BODY })).status).toBe(404);
  });
});

it('webhooks without a secret are not listened for', async () => {
  await expect(
    listenForWebhooks({ port: 0, secret: '', accept: async () => {}, log: silentLog }),
  ).rejects.toMatchObject({ code: 'github-secret-missing' });
});

it('a port that is taken is named', async () => {
  const { port } = await listening();
  await expect(
    listenForWebhooks({ port, secret: SECRET, accept: async () => {}, log: silentLog }),
  ).rejects.toMatchObject({ code: 'github-port-refused', retryable: true });
});

it('takes every payload that GitHub gives as an example, and each redelivery once: F20', async () => {
  const store = await openTestStore();
  onTestFinished(() => store.close());
  const handled: string[] = [];
  const worker = startInboxWorker({
    surface: 'github',
    receiptOf,
    inbox: store.unitOfWork.inbox,
    clock: systemClock,
    log: silentLog,
    handle: async (body) => void handled.push(receiptOf(body).key),
  });
  onTestFinished(() => worker.stop());
  const { url } = await listening({
    accept: (told) => worker.accept(told),
    limits: { maxBytes: 25_000_000, timeoutMs: 10_000 },
  });
  const all = examplePayloads().map(({ event, payload }) => ({ name: event, body: JSON.stringify(payload) }));
  expect(all).toHaveLength(329);
  const statuses = new Map<number, number>();
  for (const { name, body } of all) {
    const headers = headersFor(body, name);
    for (let again = 0; again < 2; again += 1) {
      const answer = await fetch(url, { method: 'POST', headers, body });
      await answer.arrayBuffer();
      statuses.set(answer.status, (statuses.get(answer.status) ?? 0) + 1);
    }
  }
  await worker.settle();
  expect([...statuses]).toEqual([[202, 658]]);
  const ofIssues = all.filter(({ name, body }) => {
    const { issue } = JSON.parse(body) as { issue?: { pull_request?: unknown } };
    return (name === 'issues' || name === 'issue_comment') && issue?.pull_request === undefined;
  });
  const ofBases = all.filter(({ name, body }) => isCheckOfBase(name, JSON.parse(body) as CheckPayload));
  expect(ofBases).toHaveLength(5);
  expect(handled).toHaveLength(ofIssues.length + ofBases.length);
  expect(new Set(handled).size).toBe(handled.length);
}, 120_000);

interface CheckPayload {
  action?: string;
  state?: string;
  repository?: { default_branch?: string };
  check_suite?: { head_branch: string | null };
  check_run?: { check_suite: { head_branch: string | null } };
  branches?: { name: string }[];
}

/** A check that has ended on the repository's default branch. */
function isCheckOfBase(name: string, body: CheckPayload): boolean {
  const base = body.repository?.default_branch;
  if (base === undefined) return false;
  switch (name) {
    case 'check_suite':
      return body.action === 'completed' && body.check_suite?.head_branch === base;
    case 'check_run':
      return body.action === 'completed' && body.check_run?.check_suite.head_branch === base;
    case 'status':
      return body.state !== 'pending' && body.branches?.some((branch) => branch.name === base) === true;
    default:
      return false;
  }
}
