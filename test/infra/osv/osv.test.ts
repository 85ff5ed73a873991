import { describe, expect, it } from 'vitest';
import { severityOfVector } from '#infra/osv/cvss.ts';
import { createOsv } from '#infra/osv/osv.ts';
import type { PackageVersion } from '#src/ports/vulnerabilities.ts';
import { startOsv } from './start-osv.ts';

const of = (name: string, version = '1.0.0'): PackageVersion => ({ ecosystem: 'npm', name, version });
const signal = () => new AbortController().signal;

describe('asking OSV about new packages', () => {
  it('tells what is known, with its severity, and leaves out what is clean (C24)', async () => {
    const { baseUrl, requests } = await startOsv({
      known: { 'bad@1.0.0': ['GHSA-1', 'PYSEC-2', 'MAL-3', 'GO-4'], 'good@2.0.0': [] },
      details: {
        'GHSA-1': { database_specific: { severity: 'MODERATE' }, severity: [{ type: 'CVSS_V4', score: 'CVSS:4.0/…' }] },
        'PYSEC-2': { severity: [{ type: 'CVSS_V3', score: 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H' }] },
        'GO-4': {},
      },
    });
    expect(await createOsv({ baseUrl }).scan([of('good', '2.0.0'), of('bad')], signal())).toEqual({
      outcome: 'scanned',
      found: [
        {
          package: of('bad'),
          vulnerabilities: [
            { id: 'GHSA-1', severity: 'moderate' },
            { id: 'PYSEC-2', severity: 'critical' },
            { id: 'MAL-3', severity: 'critical' },
            { id: 'GO-4', severity: null },
          ],
        },
      ],
    });
    expect(requests[0]).toBe('POST /v1/querybatch');
  });

  it('asks in batches and follows pages', async () => {
    const ids = ['A-1', 'A-2', 'A-3'];
    const { baseUrl, requests } = await startOsv({ known: { 'p1500@1.0.0': ids }, pageSize: 2 });
    const many = Array.from({ length: 1600 }, (_, at) => of(`p${at}`));
    const answer = await createOsv({ baseUrl }).scan(many, signal());
    expect(answer).toMatchObject({ outcome: 'scanned', found: [{ package: of('p1500') }] });
    expect(answer.outcome === 'scanned' ? answer.found[0]?.vulnerabilities.map(({ id }) => id) : null).toEqual(ids);
    expect(requests.filter((request) => request.startsWith('POST'))).toHaveLength(3);
  });

  it('names a vulnerability also where its severity cannot be looked up', async () => {
    const { baseUrl } = await startOsv({
      known: { 'bad@1.0.0': ['GHSA-1'] },
      instead: (path) => (path.includes('vulns') ? { status: 500, body: 'no' } : null),
    });
    expect(await createOsv({ baseUrl }).scan([of('bad')], signal())).toMatchObject({
      found: [{ vulnerabilities: [{ id: 'GHSA-1', severity: null }] }],
    });
  });

  it.each([
    ['is down', { status: 503, body: '' }, 'OSV answered with the status 503'],
    ['says no JSON', { body: '<html>' }, 'what OSV answered could not be read'],
    ['says other JSON', { body: '{"results":"none"}' }, 'what OSV answered could not be read'],
    ['leaves packages out', { body: '{"results":[]}' }, 'what OSV answered could not be read'],
    [
      'sends ids that are none',
      { body: '{"results":[{"vulns":[{"id":"<img src=x>"}]}]}' },
      'what OSV answered could not be read',
    ],
    ['never ends', { body: '{"results":[{"next_page_token":"again"}]}' }, 'OSV did not come to an end'],
  ])('says that nothing was scanned where it %s (C03)', async (_what, body, reason) => {
    const { baseUrl, requests } = await startOsv({ instead: () => body });
    expect(await createOsv({ baseUrl }).scan([of('a')], signal())).toEqual({ outcome: 'not-scanned', reason });
    expect(requests.length).toBeLessThanOrEqual(5);
  });

  it('says so where nobody answers, in time or at all, and where it leads elsewhere (C03)', async () => {
    const silent = { outcome: 'not-scanned', reason: 'OSV did not answer' };
    const { baseUrl } = await startOsv({ instead: () => 'hang' });
    expect(await createOsv({ baseUrl, timeoutMs: 50 }).scan([of('a')], signal())).toEqual(silent);
    expect(await createOsv({ baseUrl }).scan([of('a')], AbortSignal.abort())).toEqual(silent);
    expect(await createOsv({ baseUrl: 'http://127.0.0.1:9/' }).scan([of('a')], signal())).toEqual(silent);
  });

  it('asks nothing where there is nothing to ask, and says when there is too much', async () => {
    const { baseUrl, requests } = await startOsv({});
    const osv = createOsv({ baseUrl });
    expect(await osv.scan([], signal())).toEqual({ outcome: 'scanned', found: [] });
    const many = Array.from({ length: 5001 }, (_, at) => of(`p${at}`));
    expect(await osv.scan(many, signal())).toMatchObject({
      outcome: 'not-scanned',
      reason: expect.stringContaining('5001'),
    });
    expect(requests).toEqual([]);
  });
});

// Scores of examples of the specification's own (CVSS v3.1 examples).
it.each([
  ['CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H', 'critical'],
  ['CVSS:3.0/AV:N/AC:L/PR:L/UI:N/S:C/C:L/I:L/A:N', 'moderate'],
  ['CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:N/A:N', 'high'],
  ['CVSS:3.1/AV:N/AC:H/PR:N/UI:R/S:U/C:L/I:N/A:N', 'low'],
  ['CVSS:3.1/AV:P/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:N', null],
  ['CVSS:3.1/AV:N', null],
  ['CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N', null],
])('%s is %s', (vector, severity) => {
  expect(severityOfVector(vector)).toBe(severity);
});
