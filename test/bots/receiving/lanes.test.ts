import { describe, expect, it } from 'vitest';
import { compareOrder } from '#bots/receiving/compare-order.ts';
import { createLanes } from '#bots/receiving/lanes.ts';

describe('lanes', () => {
  it('work on what arrives together in the order in which it was said', async () => {
    const lanes = createLanes();
    const done: string[] = [];
    const add = (ts: string, kept: Promise<void> = Promise.resolve()) => {
      const work = async () => void done.push(ts);
      lanes.add(
        { lane: 'C1/1', isUrgent: false, order: ts },
        kept.then(() => work),
      );
    };
    const slow = Promise.withResolvers<void>();
    add('1700000000.000300');
    add('1700000000.000100', slow.promise);
    add('1700000000.000200');
    slow.resolve();
    await lanes.settle();
    expect(done).toEqual(['1700000000.000100', '1700000000.000200', '1700000000.000300']);
  });

  it('let what is urgent begin at once, while words are gathered', async () => {
    const lanes = createLanes();
    const done: string[] = [];
    const work = (what: string) => Promise.resolve(async () => void done.push(what));
    lanes.add({ lane: 'C1/1', isUrgent: false, order: '1700000000.000100' }, work('words'));
    lanes.add({ lane: 'press', isUrgent: true }, work('press'));
    await lanes.settle();
    expect(done).toEqual(['press', 'words']);
  });

  it('go on when nothing is to be done in a place', async () => {
    const lanes = createLanes();
    const done: string[] = [];
    lanes.add({ lane: 'a', isUrgent: false, order: '1.000100' }, Promise.resolve(null));
    lanes.add(
      { lane: 'a', isUrgent: false, order: '1.000200' },
      Promise.resolve(async () => void done.push('later')),
    );
    await lanes.settle();
    expect(done).toEqual(['later']);
  });

  it('tell times apart that no number can', () => {
    expect(compareOrder('1700000000.000001', '1700000000.000002')).toBeLessThan(0);
    expect(compareOrder('1700000001.000001', '1700000000.999999')).toBeGreaterThan(0);
    expect(compareOrder('1309900000000000001', '1309900000000000002')).toBeLessThan(0);
    expect(compareOrder('', '1700000000.000001')).toBeLessThan(0);
  });
});
