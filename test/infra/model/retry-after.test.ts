import { describe, expect, it } from 'vitest';
import { MAX_WAIT_MS, retryAfterMs } from '#infra/model/retry-after.ts';

const clock = { now: () => new Date('2026-05-04T12:00:00Z') };
const read = (headers: Record<string, string>) => retryAfterMs(new Headers(headers), clock);

describe('retryAfterMs', () => {
  it.each([
    ['seconds', { 'retry-after': '7' }, 7000],
    ['parts of seconds', { 'retry-after': '0.5' }, 500],
    ['milliseconds, which are finer', { 'retry-after': '7', 'retry-after-ms': '1250' }, 1250],
    ['a date', { 'retry-after': 'Mon, 04 May 2026 12:00:09 GMT' }, 9000],
    ['a date in the past', { 'retry-after': 'Mon, 04 May 2026 11:00:00 GMT' }, 0],
    ['a negative number', { 'retry-after': '-5' }, 0],
    ['an hour', { 'retry-after': '3600' }, MAX_WAIT_MS],
    ['a date far off', { 'retry-after': 'Mon, 04 May 2099 12:00:00 GMT' }, MAX_WAIT_MS],
  ])('reads %s', (_, headers, ms) => {
    expect(read(headers)).toBe(ms);
  });

  it('reads a date against the clock of the server, so that a wrong one does no harm', () => {
    const date = 'Mon, 04 May 2020 08:00:00 GMT';
    expect(read({ 'retry-after': 'Mon, 04 May 2020 08:00:20 GMT', date })).toBe(20_000);
  });

  it.each([[{}], [{ 'retry-after': '' }], [{ 'retry-after': 'soon' }]])('takes %j for nothing', (headers) => {
    expect(read(headers)).toBeNull();
  });
});
