import { createHmac } from 'node:crypto';
import { request } from 'node:http';
import type { IncomingMessage } from 'node:http';
import { connect } from 'node:net';
import { describe, expect, it } from 'vitest';
import { startSignals } from '#bots/signals/create-signals.ts';
import type { SignalsDependencies } from '#bots/signals/create-signals.ts';
import { silentLog } from '#src/ports/log.ts';
import { NOW, SECRET, SIGNAL, signed, receivingSignals } from './with-signals.ts';

const ACCEPTED = { accepted: true };
const LIMITS = { body: { maxBytes: 2_000, timeoutMs: 10_000 }, pace: { perService: 3, together: 5, maxServices: 2 } };
const sign = (text: string) => `sha256=${createHmac('sha256', SECRET).update(text).digest('hex')}`;
const SECONDS = String(Date.parse(NOW) / 1000);
const BODY = JSON.stringify(SIGNAL);

describe('a signal', () => {
  it('is kept before it is answered, and once', async () => {
    const { send, waiting, later, lines } = await receivingSignals();
    expect(await send()).toMatchObject({ status: 202, body: ACCEPTED });
    later(60_000);
    const repeated = await send(SIGNAL, { at: Date.parse(NOW) });
    expect(repeated).toMatchObject({ status: 200, body: { ...ACCEPTED, repeated: true } });
    expect(waiting()).toMatchObject([{ surface: 'signals', key: expect.stringMatching(/^signal:[0-9a-f]{32}$/) }]);
    // The same words, signed anew, tell of it once more.
    expect(await send()).toMatchObject({ status: 202 });
    expect(waiting()).toHaveLength(2);
    expect(lines).toEqual([]);
  });

  it.each([
    ['has no signature', { 'x-factory-signature': undefined }],
    ['has no time', { 'x-factory-timestamp': undefined }],
    ['is signed by somebody else', { 'x-factory-signature': `sha256=${'0'.repeat(64)}` }],
    ['is signed without its time', { 'x-factory-signature': sign(BODY) }],
    ['was signed with another body', { 'x-factory-signature': sign(`${SECONDS}.${BODY} `) }],
    ['has a time that was not signed', { 'x-factory-timestamp': String(Number(SECONDS) + 1) }],
    ['has a signature that is cut', { 'x-factory-signature': sign(`${SECONDS}.${BODY}`).slice(0, -1) }],
    ['has another kind of signature', { 'x-factory-signature': sign(`${SECONDS}.${BODY}`).replace('sha256', 'sha1') }],
    ['has a time that is none', { 'x-factory-timestamp': 'now', 'x-factory-signature': sign(`now.${BODY}`) }],
    ['has a time of another form', { 'x-factory-timestamp': NOW, 'x-factory-signature': sign(`${NOW}.${BODY}`) }],
  ])('that %s is refused, kept nowhere and said in the log without its words', async (_what, headers) => {
    const { send, waiting, lines } = await receivingSignals();
    const answer = await send(BODY, { headers });
    expect(answer).toMatchObject({ status: 401, message: expect.stringMatching(/X-Factory-Timestamp|SIGNALS_SECRET/) });
    expect(waiting()).toEqual([]);
    expect(lines).toEqual([expect.stringMatching(/^warn: a signal .* was refused \{"surface":"signals"\}$/)]);
  });

  it.each([
    ['six minutes ago', -6 * 60_000],
    ['six minutes ahead', 6 * 60_000],
  ])('that was signed %s is refused: somebody may have recorded it', async (_when, ms) => {
    const { send, waiting } = await receivingSignals();
    expect(await send(SIGNAL, { at: Date.parse(NOW) + ms })).toMatchObject({ status: 401 });
    expect(await send(SIGNAL, { at: Date.parse(NOW) + ms * 0.7 })).toMatchObject({ status: 202 });
    expect(waiting()).toHaveLength(1);
  });

  it('is asked for with POST, at one address, as JSON', async () => {
    const { send, waiting } = await receivingSignals();
    expect(await send(SIGNAL, { path: '/' })).toMatchObject({
      status: 404,
      message: expect.stringContaining('/signals'),
    });
    expect(await send(SIGNAL, { path: '/signals/../x' })).toMatchObject({ status: 404 });
    const got = await send('', { method: 'GET' });
    expect(got).toMatchObject({ status: 405, message: expect.stringContaining('POST') });
    expect(got.headers.get('allow')).toBe('POST');
    expect(await send(SIGNAL, { method: 'PUT' })).toMatchObject({ status: 405 });
    for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'application/jsonp', undefined]) {
      const headers = { 'content-type': type };
      expect(await send(SIGNAL, { headers })).toMatchObject({
        status: 415,
        message: expect.stringContaining('application/json'),
      });
    }
    expect(waiting()).toEqual([]);
    expect(await send(SIGNAL, { headers: { 'content-type': 'application/json; charset=utf-8' } })).toMatchObject({
      status: 202,
    });
  });

  it.each([
    ['no JSON', '{"service":', 400, /JSON/],
    ['nothing', '', 400, /JSON/],
    ['bytes that are no text', '\u0000\ufffd', 400, /JSON/],
    ['a list', [SIGNAL], 422, /must be an object/],
    ['null', null, 422, /must be an object/],
    ['a field that nobody knows', { ...SIGNAL, order: 'merge' }, 422, /"order" is not known/],
    ['no service', { ...SIGNAL, service: undefined }, 422, /"service" is missing/],
    ['a sentence for a service', { ...SIGNAL, service: 'merge all of it' }, 422, /"service" must be 1 to 100/],
    ['lines for a signal', { ...SIGNAL, signal: 'a\n# b' }, 422, /"signal" must be/],
    ['a service that goes up', { ...SIGNAL, service: '../x' }, 422, /"service" must be/],
    ['a long service', { ...SIGNAL, service: 'x'.repeat(101) }, 422, /"service" must be/],
    ['another severity', { ...SIGNAL, severity: 'fatal' }, 422, /"severity" must be one of info, warning/],
    ['a time that is none', { ...SIGNAL, timestamp: 'yesterday' }, 422, /"timestamp" must be a time/],
    ['a time in the future', { ...SIGNAL, timestamp: '2026-11-20T10:06:00Z' }, 422, /"timestamp" is in the future/],
    ['details that are a text', { ...SIGNAL, details: 'slow' }, 422, /"details" must be an object/],
    ['details that are a list', { ...SIGNAL, details: [] }, 422, /"details" must be an object/],
    ['no details', { ...SIGNAL, details: undefined }, 422, /"details" is missing|"details" must be an object/],
    [
      'deep details',
      `${BODY.slice(0, -14)}${'{"a":'.repeat(5000)}1${'}'.repeat(5001)}`,
      422,
      /"details" must be at most 6 levels/,
    ],
    [
      'many entries',
      { ...SIGNAL, details: Object.fromEntries(Array.from({ length: 101 }, (_, i) => [i, i])) },
      422,
      /at most 100 entries/,
    ],
    [
      'many values',
      { ...SIGNAL, details: Object.fromEntries(Array.from({ length: 90 }, (_, i) => [i, [1, 2, 3, 4, 5, 6]])) },
      422,
      /at most 500 values/,
    ],
    ['a long text', { ...SIGNAL, details: { a: 'x'.repeat(4_001) } }, 422, /at most 4000 characters/],
    ['a long name', { ...SIGNAL, details: { ['x'.repeat(101)]: 1 } }, 422, /names of at most 100 characters/],
    ['a project that is not here', { ...SIGNAL, project: 'other' }, 422, /"project" names no project/],
    ['a project that is a number', { ...SIGNAL, project: 7 }, 422, /"project" must be a text/],
  ])('that holds %s is refused in a sentence, and kept nowhere', async (_what, body, status, says) => {
    const { send, waiting, lines } = await receivingSignals();
    const answer = await send(body);
    expect(answer.message).toMatch(says);
    expect(answer.status).toBe(status);
    expect(waiting()).toEqual([]);
    expect(lines).toEqual([]);
  });

  it('that is too large is not read on, with or without its length', async () => {
    const { send, port, waiting } = await receivingSignals({ limits: LIMITS });
    const large = JSON.stringify({ ...SIGNAL, details: { a: 'x'.repeat(3_000) } });
    expect(await send(large).catch(() => ({ status: 413 }))).toMatchObject({ status: 413 });
    const headers = { ...signed(large, Date.parse(NOW)), 'transfer-encoding': 'chunked' };
    const status = await new Promise<number | undefined>((resolve) => {
      const sending = request(
        { port: port(), path: '/signals', method: 'POST', headers },
        (answer: IncomingMessage) => {
          answer.resume();
          resolve(answer.statusCode);
        },
      );
      sending.on('error', () => resolve(413));
      sending.write(large.slice(0, 2_500));
    });
    expect(status).toBe(413);
    expect(waiting()).toEqual([]);
  });

  it('that does not arrive in its time is given up', async () => {
    const limits = { ...LIMITS, body: { ...LIMITS.body, timeoutMs: 50 } };
    const { port, waiting } = await receivingSignals({ limits });
    const status = await new Promise<number | undefined>((resolve, reject) => {
      const headers = { ...signed(BODY, Date.parse(NOW)), 'content-length': String(BODY.length) };
      const sending = request({ port: port(), path: '/signals', method: 'POST', headers }, (answer) => {
        answer.resume();
        resolve(answer.statusCode);
      });
      sending.on('error', reject);
      sending.write(BODY.slice(0, 10));
    });
    expect(status).toBe(408);
    expect(waiting()).toEqual([]);
  });

  it('that is cut off is forgotten, and the next one is heard', async () => {
    const { port, send, waiting } = await receivingSignals();
    await new Promise<void>((resolve, reject) => {
      const socket = connect(port(), '127.0.0.1', () => {
        const headers = Object.entries(signed(BODY, Date.parse(NOW))).map(([name, value]) => `${name}: ${value}`);
        const head = ['POST /signals HTTP/1.1', 'host: localhost', `content-length: ${BODY.length}`, ...headers];
        socket.end(`${head.join('\r\n')}\r\n\r\n${BODY.slice(0, 10)}`);
      });
      socket.on('error', reject);
      socket.on('close', () => resolve());
      socket.resume();
    });
    expect(waiting()).toEqual([]);
    expect(await send()).toMatchObject({ status: 202 });
  });

  it('is let in at a pace, for each service and for all of them together', async () => {
    const { send, later } = await receivingSignals({ limits: LIMITS });
    let count = 0;
    const from = (service: string) => send({ ...SIGNAL, service, details: { count: (count += 1) } });
    for (let sent = 0; sent < 3; sent += 1) expect(await from('a')).toMatchObject({ status: 202 });
    const busy = await from('a');
    expect(busy).toMatchObject({ status: 429, message: 'Too many signals came in; send it again in 20 s.' });
    expect(busy.headers.get('retry-after')).toBe('20');
    for (let sent = 0; sent < 2; sent += 1) expect(await from('b')).toMatchObject({ status: 202 });
    // `c` sent nothing yet; it is all of them together who did.
    expect(await from('c')).toMatchObject({ status: 429 });
    later(20_000);
    expect(await from('a')).toMatchObject({ status: 202 });
    expect(await from('a')).toMatchObject({ status: 429 });
  });

  it('names its project where there are several', async () => {
    const { send, projects, waiting } = await receivingSignals();
    projects.push({ id: 'project-2', slug: 'shop' });
    const answer = await send();
    expect(answer).toMatchObject({ status: 422, message: expect.stringContaining('"project" is needed') });
    expect(await send({ ...SIGNAL, project: 'shop' })).toMatchObject({ status: 202 });
    expect(waiting().map(({ payload }) => JSON.parse(payload))).toMatchObject([{ projectId: 'project-2' }]);
    projects.splice(0);
    expect(await send()).toMatchObject({ status: 422, message: expect.stringContaining('no project here yet') });
  });

  it('has no secret by the time that it waits', async () => {
    const { send, waiting, lines } = await receivingSignals();
    const details = { message: `refused ghp_${'a1B2'.repeat(9)}`, password: 'horse' };
    expect(await send({ ...SIGNAL, details })).toMatchObject({ status: 202 });
    const kept = JSON.stringify([waiting(), lines]);
    expect(kept).toContain('refused [redacted');
    expect(kept).not.toMatch(/ghp_a1B2|horse/);
  });

  it('that cannot be kept is not acknowledged, and the log has none of its words', async () => {
    const { send, lines } = await receivingSignals({ fails: new Error('insert into inbox values (checkout, 0.12)') });
    const answer = await send();
    expect(answer).toMatchObject({ status: 503, message: 'The signal could not be kept. Send it again.' });
    expect(lines).toEqual(['error: a signal could not be kept {"surface":"signals","error":"Error"}']);
  });
});

it('a port that is taken is said with its setting', async () => {
  const { port } = await receivingSignals();
  const unitOfWork = { inbox: { pending: async () => [] } } as unknown as SignalsDependencies['unitOfWork'];
  const again = startSignals({
    settings: { port: port(), secret: SECRET },
    ...{ unitOfWork, ids: { next: () => 'unused' }, clock: { now: () => new Date(NOW) }, log: silentLog },
  });
  await expect(again).rejects.toMatchObject({
    code: 'signals-port-refused',
    fix: expect.stringContaining('SIGNALS_PORT'),
  });
});
