import { beforeEach, describe, expect, it } from 'vitest';
import { createOsv } from '#infra/osv/osv.ts';
import { rememberScans } from '#infra/osv/remember-scans.ts';
import type { PackageVersion, Vulnerabilities } from '#src/ports/vulnerabilities.ts';
import { startOsv } from './start-osv.ts';

const of = (name: string, version = '1.0.0'): PackageVersion => ({ ecosystem: 'npm', name, version });
const signal = () => new AbortController().signal;
const clock = { now: () => new Date(nowMs) };
let nowMs: number;
let isDown: boolean;
let requests: string[];
let osv: Vulnerabilities;

beforeEach(async () => {
  nowMs = Date.parse('2026-11-21T10:00:00.000Z');
  isDown = false;
  const server = await startOsv({
    known: { 'bad@1.0.0': ['MAL-1'] },
    instead: () => (isDown ? { status: 503, body: '' } : null),
  });
  requests = server.requests;
  osv = rememberScans(createOsv({ baseUrl: server.baseUrl }), clock);
});

const batches = () => requests.filter((request) => request.startsWith('POST')).length;

describe('asking OSV about the same versions', () => {
  it('is done once, and the same is told again', async () => {
    const first = await osv.scan([of('bad')], signal());
    expect(first).toMatchObject({ found: [{ vulnerabilities: [{ id: 'MAL-1' }] }] });
    expect(await osv.scan([of('bad')], signal())).toEqual(first);
    expect(batches()).toBe(1);
  });

  it('tells other versions and other sets apart', async () => {
    await osv.scan([of('bad')], signal());
    expect(await osv.scan([of('bad', '1.0.1')], signal())).toEqual({ outcome: 'scanned', found: [] });
    expect(await osv.scan([of('bad'), of('good')], signal())).toMatchObject({ found: [{ package: of('bad') }] });
    expect(batches()).toBe(3);
  });

  it('is done again after an hour, for what has become known since', async () => {
    await osv.scan([of('good')], signal());
    nowMs += 59 * 60_000;
    await osv.scan([of('good')], signal());
    expect(batches()).toBe(1);
    nowMs += 60_000;
    await osv.scan([of('good')], signal());
    expect(batches()).toBe(2);
  });

  it('is done again where nothing was scanned, and a failure is never kept as clean (C03)', async () => {
    isDown = true;
    expect(await osv.scan([of('bad')], signal())).toMatchObject({ outcome: 'not-scanned' });
    isDown = false;
    expect(await osv.scan([of('bad')], signal())).toMatchObject({ outcome: 'scanned' });
  });

  it('keeps a bounded number, and what was used last', async () => {
    const used = [of('used')];
    await osv.scan(used, signal());
    for (let at = 0; at < 99; at += 1) await osv.scan([of(`p${at}`)], signal());
    await osv.scan(used, signal());
    expect(batches()).toBe(100);
    await osv.scan([of('one-more')], signal());
    await osv.scan(used, signal());
    expect(batches()).toBe(101);
    await osv.scan([of('p0')], signal());
    expect(batches()).toBe(102);
  });
});
