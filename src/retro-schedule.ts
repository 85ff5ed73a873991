import { CronExpressionParser } from 'cron-parser';
import * as z from 'zod';

/** When every project's week is looked back on. */
export interface RetroSchedule {
  /** Minute, hour, day of the month, month and weekday. */
  cron: string;
  /** Such as `Europe/Berlin`. */
  timeZone: string;
}

const FIELDS = 5;

/** `0 9 * * 1`; null: `none`. */
export const retroCronSetting = z.string().transform((text, context) => {
  const cron = text.trim().replaceAll(/\s+/g, ' ');
  if (cron === 'none') return null;
  const wrong = whatIsWrong(cron);
  if (wrong === null) return cron;
  context.addIssue({
    code: 'custom',
    message: `"${text}" is no time to look back at (${wrong}); write minute, hour, day, month and weekday as 0 9 * * 1, or none`,
  });
  return null;
});

function whatIsWrong(cron: string): string | null {
  const fields = cron.split(' ').length;
  if (fields !== FIELDS) return `it has ${fields} of ${FIELDS} fields`;
  // It stands for another time in every process.
  if (/\bH\b/i.test(cron)) return 'H is a time by chance';
  try {
    CronExpressionParser.parse(cron);
    return null;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/**
 * The last time that the schedule came, `now` included. A time that the clocks leap over comes as much later; one that
 * they show twice comes once, the first time.
 */
export function lastTurnOf({ cron, timeZone }: RetroSchedule, now: Date): Date {
  const back = CronExpressionParser.parse(cron, { tz: timeZone, currentDate: new Date(now.getTime() + 1) });
  // Going back, the library leaves out a time that was leapt over and tells of both where there are two; going on, it does
  // neither. So it goes back too far, and on from there.
  back.prev();
  let last = back.prev().toDate();
  const on = CronExpressionParser.parse(cron, { tz: timeZone, currentDate: last });
  for (;;) {
    const next = on.next().toDate();
    if (next > now) return last;
    last = next;
  }
}
