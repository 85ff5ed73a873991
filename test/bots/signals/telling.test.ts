import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { SECRET, SIGNAL, withSignals } from './with-signals.ts';

describe('signals of the same trouble', () => {
  it('are one incident, and many that wait are one fact', async () => {
    const { unitOfWork, projectId, send, settle, later, incidents, waiting, lines } = await withSignals();
    expect(await send()).toMatchObject({ status: 202 });
    await settle();
    expect(await incidents()).toMatchObject([
      {
        ...{ projectId, source: 'signal', service: 'checkout', signal: 'error-rate', severity: 'error', times: 1 },
        ...{ firstAt: '2026-11-20T09:59:50.000Z', lastAt: '2026-11-20T09:59:50.000Z', status: 'open' },
      },
    ]);
    for (let count = 1; count <= 9; count += 1) {
      expect(await send({ ...SIGNAL, details: { rate: count } })).toMatchObject({ status: 202 });
    }
    await settle();
    // They rest, and are kept.
    expect(await incidents()).toMatchObject([{ times: 1 }]);
    expect(await waiting()).toHaveLength(9);
    later(30_000);
    await settle();
    const [incident] = await incidents();
    expect(incident).toMatchObject({ times: 10 });
    expect(await waiting()).toEqual([]);
    const events = await unitOfWork.ledger.stream(`incident:${projectId}/${incident?.fingerprint}`);
    expect(events.map(({ type }) => type)).toEqual(['incident.opened', 'incident.seen-again']);
    expect(lines).toEqual([]);
  });

  it('are told of at once when they get worse', async () => {
    const { send, settle, incidents } = await withSignals();
    await send({ ...SIGNAL, severity: 'warning' });
    await settle();
    await send({ ...SIGNAL, severity: 'critical' });
    await settle();
    expect(await incidents()).toMatchObject([{ times: 2, severity: 'critical' }]);
  });

  it('count once when the process dies before it notes that they are done', async () => {
    const { unitOfWork, send, settle, restart, later, incidents } = await withSignals();
    await send();
    await settle();
    await send({ ...SIGNAL, details: { rate: 0.2 } });
    later(30_000);
    await settle();
    const { length } = await unitOfWork.ledger.read(0, 1000);
    // As it is when the note did not reach the disk.
    const [incident] = await incidents();
    const told = (await unitOfWork.ledger.read(0, 1000)).flatMap(
      ({ body }) => (body as { told?: string[] }).told ?? [],
    );
    for (const key of told) {
      const kept = { key: `${key}-again`, projectId: incident?.projectId, service: 'checkout', signal: 'error-rate' };
      const payload = JSON.stringify({ ...kept, key, severity: 'error', at: incident?.lastAt, details: { rate: 1 } });
      await unitOfWork.inbox.accept({ key: kept.key, surface: 'signals', payload, receivedAt: incident?.lastAt ?? '' });
    }
    expect(told).toHaveLength(2);
    later(60_000);
    await restart();
    await settle();
    expect(await unitOfWork.ledger.read(0, 1000)).toHaveLength(length);
    expect(await incidents()).toMatchObject([{ times: 2 }]);
  });

  it('that an earlier process kept are worked on by the next', async () => {
    const { unitOfWork, send, settle, restart, later, incidents, waiting } = await withSignals();
    await send();
    await settle();
    await send({ ...SIGNAL, details: { rate: 0.2 } });
    await settle();
    expect(await waiting()).toHaveLength(1);
    later(60_000);
    await restart();
    await settle();
    expect(await incidents()).toMatchObject([{ times: 2 }]);
    expect(await unitOfWork.inbox.pending('signals', 10)).toEqual([]);
  });

  it('of a kind that tells something else each time are no more than six incidents', async () => {
    const { send, settle, incidents } = await withSignals();
    const words = ['apple', 'pear', 'plum', 'cherry', 'fig', 'grape', 'lemon', 'melon', 'peach', 'quince'];
    for (const message of words) {
      expect(await send({ ...SIGNAL, details: { message } })).toMatchObject({ status: 202 });
      await settle();
    }
    const all = await incidents();
    expect(all).toHaveLength(6);
    expect(all.reduce((sum, { times }) => sum + times, 0)).toBe(words.length);
  });
});

it('the example of the README tells of trouble', async () => {
  const { port, settle, incidents, later } = await withSignals();
  const readme = await readFile(new URL('../../../README.md', import.meta.url), 'utf8');
  const script = /## Signals\n[\s\S]*?```sh\n([\s\S]*?)```/.exec(readme)?.[1] ?? '';
  // The example signs with the time of the machine.
  later(Date.now() - Date.parse('2026-11-20T10:00:00.000Z'));
  const env = { PATH: process.env['PATH'], SIGNALS_SECRET: SECRET, SIGNALS_PORT: String(port()) };
  const { stdout } = await promisify(execFile)('sh', ['-ec', script], { env });
  expect(JSON.parse(stdout)).toEqual({ accepted: true });
  await settle();
  expect(await incidents()).toMatchObject([{ service: 'checkout', signal: 'error-rate', severity: 'error' }]);
});
