import type { Clock } from '#src/ports/clock.ts';

/** A server may ask for at most this: whether its clock or ours is wrong, nobody waits for ever. */
export const MAX_WAIT_MS = 60_000;

/**
 * What the answer's headers ask to wait, from 0 to MAX_WAIT_MS; null: nothing, or nothing readable.
 * `Retry-After` (RFC 9110, 10.2.3) is seconds or a date; a date is read against the server's own `Date` where it sends
 * one, so that two clocks that differ do no harm. `retry-after-ms` is OpenAI's own and finer.
 */
export function retryAfterMs(headers: Headers | undefined, clock: Clock): number | null {
  const fine = headers?.get('retry-after-ms')?.trim();
  if (fine !== undefined && /^\d+(\.\d+)?$/.test(fine)) return clamp(Number(fine));
  const asked = headers?.get('retry-after')?.trim();
  if (asked === undefined || asked === '') return null;
  if (/^-?\d+(\.\d+)?$/.test(asked)) return clamp(Number(asked) * 1000);
  const until = Date.parse(asked);
  if (Number.isNaN(until)) return null;
  const serverNow = Date.parse(headers?.get('date') ?? '');
  return clamp(until - (Number.isNaN(serverNow) ? clock.now().getTime() : serverNow));
}

function clamp(ms: number): number {
  return Math.min(Math.max(ms, 0), MAX_WAIT_MS);
}
