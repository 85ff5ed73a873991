import { describe, expect, it } from 'vitest';
import { differenceInterval, shareInterval, SURE_95, SURE_995 } from '#src/reflection/lessons/interval.ts';
import fc from '#test/support/property.ts';

const share = fc
  .tuple(fc.integer({ min: 1, max: 400 }), fc.integer({ min: 0, max: 400 }))
  .map(([of, count]) => ({ count: Math.min(count, of), of }));
const sure95 = { quantile: SURE_95 };

describe('the interval of a difference of two shares', () => {
  // R. G. Newcombe, Statistics in Medicine 17, 1998, 873-890, table II, method 10.
  it.each([
    [56, 70, 48, 80, 0.0524, 0.3339],
    [9, 10, 3, 10, 0.1705, 0.809],
    [6, 7, 2, 7, 0.0582, 0.8062],
    [5, 56, 0, 29, -0.0381, 0.1926],
    [0, 10, 0, 20, -0.1611, 0.2775],
    [0, 10, 0, 10, -0.2775, 0.2775],
    [10, 10, 0, 20, 0.6791, 1],
    [10, 10, 0, 10, 0.6075, 1],
  ])('of %i of %i and %i of %i is the published one', (count, of, pastCount, pastOf, low, high) => {
    const found = differenceInterval({ before: { count: pastCount, of: pastOf }, now: { count, of } }, sure95);
    expect(found.low).toBeCloseTo(low, 3);
    expect(found.high).toBeCloseTo(high, 3);
  });

  it('turns around with the order of the two', () => {
    fc.assert(
      fc.property(share, share, (before, now) => {
        const there = differenceInterval({ before, now }, sure95);
        const back = differenceInterval({ before: now, now: before }, sure95);
        expect(there.low).toBeCloseTo(-back.high, 12);
        expect(there.high).toBeCloseTo(-back.low, 12);
      }),
    );
  });

  it('holds what was seen, stays possible, and grows with the certainty that is asked for', () => {
    fc.assert(
      fc.property(share, share, (before, now) => {
        const seen = now.count / now.of - before.count / before.of;
        const { low, high } = differenceInterval({ before, now }, sure95);
        const surer = differenceInterval({ before, now }, { quantile: SURE_995 });
        expect(low).toBeLessThanOrEqual(seen + 1e-12);
        expect(high).toBeGreaterThanOrEqual(seen - 1e-12);
        expect([low >= -1 - 1e-12, high <= 1 + 1e-12]).toEqual([true, true]);
        expect([surer.low <= low, surer.high >= high]).toEqual([true, true]);
      }),
    );
  });

  it('compares with a part of the past where that is asked for', () => {
    const shares = { before: { count: 40, of: 100 }, now: { count: 38, of: 100 } };
    const half = differenceInterval(shares, { quantile: SURE_95, weight: 0.5 });
    expect(half.low).toBeGreaterThan(0);
    expect((half.low + half.high) / 2).toBeCloseTo(0.18, 1);
  });
});

describe('the interval of a share', () => {
  it('of nothing says nothing, of none is not none', () => {
    expect(shareInterval({ count: 0, of: 0 }, SURE_95)).toEqual({ low: 0, high: 1 });
    expect(shareInterval({ count: 0, of: 10 }, SURE_95)).toEqual({ low: 0, high: expect.closeTo(0.2775, 4) });
  });
});
