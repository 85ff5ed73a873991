import { describe, expect, it } from 'vitest';
import { createUuidV7 } from '#infra/ids/uuid-v7.ts';

const NOON = Date.UTC(2026, 0, 1, 12);

function clockOf(...times: number[]): { now(): Date } {
  let index = 0;
  return { now: () => new Date(times[Math.min(index++, times.length - 1)] ?? 0) };
}

describe('createUuidV7', () => {
  it('writes version, variant and the time in milliseconds where RFC 9562 has them', () => {
    const id = createUuidV7(clockOf(NOON)).next();
    expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(Number.parseInt(id.replaceAll('-', '').slice(0, 12), 16)).toBe(NOON);
  });

  it('rises within one millisecond, for more ids than its counter holds', () => {
    const ids = createUuidV7(clockOf(NOON));
    const made = Array.from({ length: 10_000 }, () => ids.next());
    expect(made).toEqual(made.toSorted());
    expect(new Set(made).size).toBe(made.length);
  });

  it('rises when the clock is set back', () => {
    const ids = createUuidV7(clockOf(NOON, NOON - 60_000, NOON - 30_000, NOON + 1));
    const made = Array.from({ length: 4 }, () => ids.next());
    expect(made).toEqual(made.toSorted());
  });

  it('differs between two makers at the same time', () => {
    const [one, other] = [createUuidV7(clockOf(NOON)), createUuidV7(clockOf(NOON))];
    expect(one.next()).not.toBe(other.next());
  });
});
