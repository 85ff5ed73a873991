import * as z from 'zod';
import { DAY_MS, momentOf, wallOf } from './wall-clock.ts';

/** When people work, Monday to Friday. */
export interface WorkingHours {
  /** Minutes after midnight. */
  fromMinute: number;
  /** Not included. */
  toMinute: number;
  /** Such as `Europe/Berlin`. */
  timeZone: string;
}

/** `9-17`, `8:30-16:45`; null: `none`. In minutes after midnight. */
export const workingHoursSetting = z.string().transform((text, context) => {
  if (text.trim() === 'none') return null;
  const [, from = '', fromMinutes = '0', to = '', toMinutes = '0'] =
    /^\s*(\d{1,2})(?::([0-5]\d))?\s*-\s*(\d{1,2})(?::([0-5]\d))?\s*$/.exec(text) ?? [];
  const fromMinute = Number(from) * 60 + Number(fromMinutes);
  const toMinute = Number(to) * 60 + Number(toMinutes);
  if (from === '' || fromMinute >= toMinute || toMinute > 24 * 60) {
    context.addIssue({ code: 'custom', message: `"${text}" are no hours; write 9-17, 8:30-16:45 or none` });
    return null;
  }
  return { fromMinute, toMinute };
});

/** Empty: the machine's own. */
export const timeZoneSetting = z.string().refine((name) => name === '' || isTimeZone(name), {
  message: 'is no time zone; write one as Europe/Berlin',
});

function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}

/** The machine's own where none is given. */
export function timeZoneOf(given: string): string {
  const machine = new Intl.DateTimeFormat().resolvedOptions().timeZone;
  return given !== '' ? given : isTimeZone(machine) ? machine : 'UTC';
}

const MINUTE_MS = 60_000;
/** What was asked less long ago needs no reminder. */
export const REMINDER_AFTER_MS = 4 * 60 * MINUTE_MS;

/** When people are reminded of what was asked at `postedAt`: four hours later, or when they begin to work after that. */
export function nextReminderAt(postedAt: Date, hours: WorkingHours): Date {
  return firstWorkingMoment(new Date(postedAt.getTime() + REMINDER_AFTER_MS), hours);
}

/** The beginning of the working day after the one that `now` is in. */
export function nextWorkingDayAt(now: Date, hours: WorkingHours): Date {
  return beginningOf(nextWorkingDay(wallOf(now, hours.timeZone).dayMs + DAY_MS), hours);
}

/** Whether people work at this moment. */
export function isWorkingTime(at: Date, hours: WorkingHours): boolean {
  return firstWorkingMoment(at, hours) === at;
}

/** `at`, where people work then; else the next time that they begin. */
function firstWorkingMoment(at: Date, hours: WorkingHours): Date {
  const { dayMs, minute } = wallOf(at, hours.timeZone);
  const isWorkingDay = nextWorkingDay(dayMs) === dayMs;
  if (isWorkingDay && minute >= hours.fromMinute && minute < hours.toMinute) return at;
  const isOver = minute >= hours.fromMinute;
  return beginningOf(nextWorkingDay(isOver ? dayMs + DAY_MS : dayMs), hours);
}

/** `Monday at 9:00`, on the wall of the zone. */
export function dayAndHour(at: Date, { timeZone }: WorkingHours): string {
  const { dayMs, minute } = wallOf(at, timeZone);
  const day = new Intl.DateTimeFormat('en', { weekday: 'long', timeZone: 'UTC' }).format(dayMs);
  return `${day} at ${Math.floor(minute / 60)}:${String(minute % 60).padStart(2, '0')}`;
}

/** This day, or the Monday after it. */
function nextWorkingDay(dayMs: number): number {
  const weekday = new Date(dayMs).getUTCDay();
  return weekday === 0 ? dayMs + DAY_MS : weekday === 6 ? dayMs + 2 * DAY_MS : dayMs;
}

function beginningOf(dayMs: number, { fromMinute, timeZone }: WorkingHours): Date {
  return momentOf({ dayMs, minute: fromMinute }, timeZone);
}
