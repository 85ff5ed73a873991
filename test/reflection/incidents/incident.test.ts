import { describe, expect, it } from 'vitest';
import type { RecordedEvent } from '#src/ledger/event.ts';
import { decideSighting, fingerprintOfTrouble, nameOf, worse } from '#src/reflection/incidents/incident.ts';
import { incidentsOf } from '#src/reflection/incidents/incident-words.ts';
import { keptDetails } from '#src/reflection/incidents/kept-details.ts';
import { draft } from '#test/persistence/support.ts';
import { incidentRow } from './incident-row.ts';

const of = (details: unknown, parts: { service?: string; source?: 'signal' | 'blocker' } = {}) =>
  fingerprintOfTrouble({ source: 'signal', service: 'checkout', signal: 'slow', details, ...parts });

describe('the fingerprint of trouble', () => {
  it.each([
    [{ p99: 812 }, { p99: 1204.5 }],
    [{ id: '018f3c1e-7b1a-7c3e-9f6e-1f2a3b4c5d6e' }, { id: '6ba7b810-9dad-11d1-80b4-00c04fd430c8' }],
    [{ message: 'no answer at 2026-11-20T10:00:00Z' }, { message: 'no answer at 2026-11-21 11:30:09Z' }],
    [
      { a: 1, b: 'x' },
      { b: 'x', a: 2 },
    ],
  ])('is the same whatever changes from time to time: %j and %j', (one, other) => {
    expect(of(one)).toBe(of(other));
  });

  it('differs by service, source and by what is said', () => {
    const all = [of({ message: 'no answer' }), of({ message: 'no room' }), of(null)];
    all.push(of(null, { service: 'search' }), of(null, { source: 'blocker' }));
    expect(new Set(all).size).toBe(5);
  });
});

describe('a name', () => {
  it.each([
    ['checkout', 'checkout'],
    ['CI / build (ubuntu)', 'CI-/-build-ubuntu'],
    ['acme/shop', 'acme/shop'],
    ['../../etc/passwd', 'etc/passwd'],
    ['`rm`\n# Heading', 'rm-Heading'],
    ['  ', 'unnamed'],
    ['x'.repeat(300), 'x'.repeat(100)],
  ])('is one word: %j', (told, name) => {
    expect(nameOf(told)).toBe(name);
  });
});

function recorded(events: ReturnType<typeof draft>[]): RecordedEvent[] {
  return events.map((event, index) => ({ ...event, position: index + 1 }) as RecordedEvent);
}

const T = (minute: number) => `2026-11-20T10:${String(minute).padStart(2, '0')}:00.000Z`;
const seen = (minute: number, told: string[], severity: 'warning' | 'error' = 'error') => ({
  severity,
  firstAt: T(minute),
  lastAt: T(minute),
  told,
});
const opened = draft('incident.opened', {
  incidentId: 'i1',
  projectId: 'p1',
  source: 'signal',
  service: 'checkout',
  signal: 'slow',
  severity: 'warning',
  fingerprint: 'f1',
  times: 1,
  firstAt: T(0),
  lastAt: T(0),
  told: ['d1'],
  after: null,
});
const closed = draft('incident.closed', { incidentId: 'i1' }, { at: T(30) });

describe('what is told of trouble', () => {
  it('is a new incident at first', () => {
    expect(decideSighting([], seen(1, ['d1', 'd1']))).toEqual({ type: 'open', told: ['d1'] });
  });

  it('is the same one again while it is open, with the total and the worst of what was told', () => {
    const again = decideSighting(recorded([opened]), seen(5, ['d2', 'd3', 'd4']));
    const body = { incidentId: 'i1', times: 4, lastAt: T(5), severity: 'error' as const, told: ['d2', 'd3', 'd4'] };
    expect(again).toEqual({ type: 'seen-again', body });
    const milder = decideSighting(recorded([opened, draft('incident.seen-again', body)]), seen(2, ['d5'], 'warning'));
    expect(milder).toMatchObject({ body: { times: 5, severity: 'error', lastAt: T(5) } });
  });

  it('counts once, whatever brings it again', () => {
    expect(decideSighting(recorded([opened]), seen(5, ['d1']))).toEqual({ type: 'nothing', incidentId: 'i1' });
    expect(decideSighting(recorded([opened]), seen(5, ['d1', 'd2']))).toMatchObject({
      body: { times: 2, told: ['d2'] },
    });
    expect(decideSighting(recorded([opened, closed]), seen(40, ['d1']))).toMatchObject({ type: 'nothing' });
  });

  it('opens a new one after a person closed it, and only for what came after that', () => {
    expect(decideSighting(recorded([opened, closed]), seen(31, ['d2']))).toEqual({ type: 'open', told: ['d2'] });
    expect(decideSighting(recorded([opened, closed]), seen(29, ['d2']))).toMatchObject({ type: 'seen-again' });
  });

  it('is as bad as the worst of it', () => {
    expect(worse('info', 'critical')).toBe('critical');
    expect(worse('error', 'warning')).toBe('error');
  });
});

describe('the details that are kept', () => {
  it('have no secrets, whatever they are called', () => {
    const kept = JSON.stringify(
      keptDetails({
        password: 'horse',
        nested: [{ api_key: 'abc', header: 'Authorization: Bearer abcdefgh12345678ABCD' }],
        message: `token ghp_${'a1B2'.repeat(9)} was refused`,
        [`ghp_${'a1B2'.repeat(9)}`]: 1,
      }),
    );
    expect(kept).not.toMatch(/horse|"abc"|abcdefgh12345678ABCD|ghp_a1B2/);
    expect(kept).toMatch(/was refused/);
  });

  it('are cut where they are too deep, too many or too long, and stay JSON', () => {
    const deep = JSON.parse(`${'{"a":'.repeat(50)}1${'}'.repeat(50)}`) as unknown;
    expect(JSON.stringify(keptDetails(deep))).toBe('{"a":{"a":{"a":{"a":{"a":{"a":"…"}}}}}}');
    const many = Object.fromEntries(
      Array.from({ length: 150 }, (_, index) => [`k${index}`, [index, index, index, index]]),
    );
    const kept = JSON.stringify(keptDetails(many));
    expect(kept).toContain('"k99":');
    expect(kept).not.toContain('"k100":');
    expect(JSON.stringify(keptDetails('x'.repeat(10_000))).length).toBeLessThan(2_100);
    expect(keptDetails({ text: 'a\u202eb\u0000' })).toEqual({ text: 'ab' });
    expect(keptDetails(JSON.parse('{"__proto__":{"a":1}}'))).toEqual(JSON.parse('{"__proto__":{"a":1}}'));
  });
});

describe('the incidents of a week', () => {
  const period = { from: '2026-11-16T00:00:00.000Z', until: '2026-11-23T00:00:00.000Z' };

  it('are said with the worst first', () => {
    const rows = [
      incidentRow({ id: 'mild', severity: 'warning', times: 9, status: 'closed' }),
      incidentRow({ id: 'bad', severity: 'critical' }),
      incidentRow({ id: 'told', severity: 'info' }),
      incidentRow({ id: 'old', firstAt: '2026-11-01T00:00:00.000Z', lastAt: '2026-11-02T00:00:00.000Z' }),
      incidentRow({ id: 'long', firstAt: '2026-11-01T00:00:00.000Z', lastAt: '2026-12-01T00:00:00.000Z', times: 40 }),
    ];
    expect(incidentsOf(rows, period)).toEqual([
      { incidentId: 'bad', text: '“error-rate” of “checkout” (critical) was seen once and is still open.' },
      { incidentId: 'long', text: '“error-rate” of “checkout” (error) was seen 40 times and is still open.' },
      { incidentId: 'mild', text: '“error-rate” of “checkout” (warning) was seen 9 times and is closed.' },
    ]);
  });
});
