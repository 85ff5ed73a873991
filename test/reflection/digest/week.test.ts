import { describe, expect, it } from 'vitest';
import { turnAt } from '#src/reflection/digest/week.ts';
import { lastTurnOf } from '#src/retro-schedule.ts';
import fc from '#test/support/property.ts';

const lastAt = (cron: string, timeZone: string, now: string) =>
  lastTurnOf({ cron, timeZone }, new Date(now)).toISOString();

describe('the last time to look back', () => {
  it.each([
    ['on the minute', '0 9 * * 1', 'Europe/Berlin', '2026-11-23T08:00:00.000Z', '2026-11-23T08:00:00.000Z'],
    ['just before', '0 9 * * 1', 'Europe/Berlin', '2026-11-23T07:59:59.999Z', '2026-11-16T08:00:00.000Z'],
    ['days later', '0 9 * * 1', 'Europe/Berlin', '2026-11-29T20:00:00.000Z', '2026-11-23T08:00:00.000Z'],
    ['in summer', '0 9 * * 1', 'Europe/Berlin', '2026-07-06T12:00:00.000Z', '2026-07-06T07:00:00.000Z'],
    ['in New York', '0 9 * * 1', 'America/New_York', '2026-11-23T15:00:00.000Z', '2026-11-23T14:00:00.000Z'],
    ['on Friday', '30 16 * * FRI', 'America/New_York', '2026-11-23T15:00:00.000Z', '2026-11-20T21:30:00.000Z'],
    ['once a year', '0 9 29 2 *', 'UTC', '2026-11-23T15:00:00.000Z', '2024-02-29T09:00:00.000Z'],
    ['every minute', '* * * * *', 'UTC', '2026-11-23T15:00:30.000Z', '2026-11-23T15:00:00.000Z'],
    // Berlin puts its clocks forward from 2:00 to 3:00 on March 29, and back from 3:00 to 2:00 on October 25.
    ['leapt over', '30 2 * * 0', 'Europe/Berlin', '2026-03-29T12:00:00.000Z', '2026-03-29T01:30:00.000Z'],
    ['not yet leapt over', '30 2 * * 0', 'Europe/Berlin', '2026-03-29T01:29:00.000Z', '2026-03-22T01:30:00.000Z'],
    ['the first of two', '30 2 * * 0', 'Europe/Berlin', '2026-10-25T00:45:00.000Z', '2026-10-25T00:30:00.000Z'],
    ['after both of two', '30 2 * * 0', 'Europe/Berlin', '2026-10-25T12:00:00.000Z', '2026-10-25T00:30:00.000Z'],
    // New York does so at 2:00 on March 8, and on November 1.
    ['leapt over there', '30 2 * * 0', 'America/New_York', '2026-03-08T12:00:00.000Z', '2026-03-08T07:30:00.000Z'],
    [
      'the first of two there',
      '30 1 * * 0',
      'America/New_York',
      '2026-11-01T12:00:00.000Z',
      '2026-11-01T05:30:00.000Z',
    ],
  ])('%s: %s in %s at %s', (_when, cron, zone, now, last) => {
    expect(lastAt(cron, zone, now)).toBe(last);
  });

  it('is one a week, and never to come, whatever the clocks do', () => {
    const zones = fc.constantFrom('UTC', 'Europe/Berlin', 'America/New_York', 'Australia/Lord_Howe', 'Africa/Cairo');
    const crons = fc.constantFrom('0 9 * * 1', '30 2 * * 0', '30 1 * * 0', '0 0 * * 5');
    const moments = fc.integer({ min: Date.UTC(2026, 0), max: Date.UTC(2028, 0) });
    fc.assert(
      fc.property(zones, crons, moments, (timeZone, cron, ms) => {
        const last = lastTurnOf({ cron, timeZone }, new Date(ms));
        expect(last.getTime()).toBeLessThanOrEqual(ms);
        const { week, period } = turnAt(last, timeZone);
        const before = turnAt(lastTurnOf({ cron, timeZone }, new Date(last.getTime() - 1)), timeZone);
        expect(before.week < week).toBe(true);
        expect(Math.abs(Date.parse(period.from) - Date.parse(before.period.until))).toBeLessThanOrEqual(3_600_000);
      }),
    );
  });
});

describe('a turn', () => {
  it.each([
    ['2026-11-23T08:00:00.000Z', 'Europe/Berlin', '2026-W47', '2026-11-16T08:00:00.000Z'],
    ['2026-11-20T15:00:00.000Z', 'Europe/Berlin', '2026-W47', '2026-11-13T15:00:00.000Z'],
    ['2026-11-22T17:00:00.000Z', 'Europe/Berlin', '2026-W47', '2026-11-15T17:00:00.000Z'],
    // Over a change of the clocks: seven days by the calendar.
    ['2026-03-30T07:00:00.000Z', 'Europe/Berlin', '2026-W13', '2026-03-23T08:00:00.000Z'],
    ['2026-10-26T08:00:00.000Z', 'Europe/Berlin', '2026-W43', '2026-10-19T07:00:00.000Z'],
    ['2026-11-02T14:00:00.000Z', 'America/New_York', '2026-W44', '2026-10-26T13:00:00.000Z'],
    // 2026 has 53 weeks, and the last of them ends in 2027.
    ['2027-01-04T09:00:00.000Z', 'UTC', '2026-W53', '2026-12-28T09:00:00.000Z'],
    ['2027-01-11T09:00:00.000Z', 'UTC', '2027-W01', '2027-01-04T09:00:00.000Z'],
    ['2024-12-30T09:00:00.000Z', 'UTC', '2024-W52', '2024-12-23T09:00:00.000Z'],
  ])('at %s in %s is that of %s', (at, zone, week, from) => {
    expect(turnAt(new Date(at), zone)).toEqual({ week, period: { from, until: at } });
  });
});
