import fc from '#test/support/property.ts';
import { describe, expect, it } from 'vitest';
import type { WorkingHours } from '#src/working-hours.ts';
import { dayAndHour, isWorkingTime, nextReminderAt, nextWorkingDayAt, REMINDER_AFTER_MS } from '#src/working-hours.ts';

const hours = (timeZone: string, from = 9, to = 17): WorkingHours => ({
  fromMinute: from * 60,
  toMinute: to * 60,
  timeZone,
});
const berlin = hours('Europe/Berlin');
const remindsAt = (posted: string, when = berlin) => nextReminderAt(new Date(posted), when).toISOString();

describe('a reminder', () => {
  it.each([
    ['four hours later on a working day', '2026-11-19T08:30:00.000Z', '2026-11-19T12:30:00.000Z'],
    ['in the last minute of the day', '2026-11-19T11:59:00.000Z', '2026-11-19T15:59:00.000Z'],
    ['the next morning, when the day ends before', '2026-11-19T12:00:00.000Z', '2026-11-20T08:00:00.000Z'],
    ['in the morning, for a post of the night', '2026-11-19T01:00:00.000Z', '2026-11-19T08:00:00.000Z'],
    ['on Monday, for a post of Friday afternoon', '2026-11-20T13:00:00.000Z', '2026-11-23T08:00:00.000Z'],
    ['on Monday, for a post of Friday night', '2026-11-20T22:30:00.000Z', '2026-11-23T08:00:00.000Z'],
    ['on Monday, for a post of Saturday', '2026-11-21T10:00:00.000Z', '2026-11-23T08:00:00.000Z'],
    ['on Monday, for a post of Sunday night', '2026-11-22T23:30:00.000Z', '2026-11-23T08:00:00.000Z'],
    ['over the year', '2026-12-31T14:00:00.000Z', '2027-01-01T08:00:00.000Z'],
    ['at nine when the clocks went forward on Sunday', '2026-03-27T14:00:00.000Z', '2026-03-30T07:00:00.000Z'],
    ['at nine when the clocks went back on Sunday', '2026-10-23T13:00:00.000Z', '2026-10-26T08:00:00.000Z'],
  ])('comes %s', (_when, posted, reminded) => {
    expect(remindsAt(posted)).toBe(reminded);
  });

  it('comes on the day that it is there, not in UTC', () => {
    // Friday 20:30 UTC is Saturday morning in Auckland, and Sunday 21:30 UTC Monday morning.
    expect(remindsAt('2026-11-20T20:30:00.000Z', hours('Pacific/Auckland'))).toBe('2026-11-22T20:00:00.000Z');
    expect(remindsAt('2026-11-22T16:30:00.000Z', hours('Pacific/Auckland'))).toBe('2026-11-22T20:30:00.000Z');
    expect(remindsAt('2026-11-19T23:00:00.000Z', hours('America/Los_Angeles'))).toBe('2026-11-20T17:00:00.000Z');
    expect(remindsAt('2026-11-20T00:30:00.000Z', hours('Asia/Kathmandu'))).toBe('2026-11-20T04:30:00.000Z');
  });

  it('comes when the clocks have passed a beginning that they leap over', () => {
    // Cairo puts its clocks forward from Friday 0:00 to 1:00.
    const cairo = hours('Africa/Cairo', 0, 24);
    expect(nextWorkingDayAt(new Date('2026-04-23T12:00:00.000Z'), cairo).toISOString()).toBe(
      '2026-04-23T22:00:00.000Z',
    );
  });

  it('is never said early, in the night or at a weekend, and never later than it must be', () => {
    const zones = fc.constantFrom('UTC', 'Europe/Berlin', 'America/St_Johns', 'Australia/Lord_Howe', 'Asia/Kolkata');
    const posted = fc.integer({ min: Date.UTC(2026, 0), max: Date.UTC(2028, 0) });
    fc.assert(
      fc.property(zones, posted, (zone, ms) => {
        const when = hours(zone);
        const at = nextReminderAt(new Date(ms), when);
        expect(at.getTime()).toBeGreaterThanOrEqual(ms + REMINDER_AFTER_MS);
        expect(isWorkingTime(at, when)).toBe(true);
        const isAtOnce = at.getTime() === ms + REMINDER_AFTER_MS;
        expect(isAtOnce || !isWorkingTime(new Date(at.getTime() - 1), when)).toBe(true);
      }),
    );
  });
});

describe('snoozing', () => {
  it.each([
    ['2026-11-19T10:00:00.000Z', '2026-11-20T08:00:00.000Z', 'Friday at 9:00'],
    ['2026-11-20T10:00:00.000Z', '2026-11-23T08:00:00.000Z', 'Monday at 9:00'],
    ['2026-11-21T10:00:00.000Z', '2026-11-23T08:00:00.000Z', 'Monday at 9:00'],
    ['2026-11-22T23:30:00.000Z', '2026-11-24T08:00:00.000Z', 'Tuesday at 9:00'],
    ['2026-03-27T10:00:00.000Z', '2026-03-30T07:00:00.000Z', 'Monday at 9:00'],
  ])('at %s lasts until the next working morning', (now, until, said) => {
    const at = nextWorkingDayAt(new Date(now), berlin);
    expect(at.toISOString()).toBe(until);
    expect(dayAndHour(at, berlin)).toBe(said);
  });

  it('says half hours as people do', () => {
    const when = { ...berlin, fromMinute: 8 * 60 + 30 };
    expect(dayAndHour(nextWorkingDayAt(new Date('2026-11-19T10:00:00.000Z'), when), when)).toBe('Friday at 8:30');
  });
});
