import { describe, expect, it } from 'vitest';
import {
  caroliLimits,
  checkWaves,
  confidenceOf,
  fowlerLimits,
  sequenceFeatures,
  type SequencerCard,
} from '#src/inception/sequence.ts';

function card(key: string, change: Partial<SequencerCard> = {}): SequencerCard {
  return { key, effort: 1, businessValue: 2, uxValue: 2, confidence: 'green', dependsOn: [], ...change };
}

function rulesOf(wave: SequencerCard[], limits = caroliLimits): string[] {
  return checkWaves([wave], limits).map((violation) => violation.rule);
}

describe('the rules of a wave', () => {
  it.each([
    ['max-cards', [card('a'), card('b'), card('c'), card('d')]],
    ['max-reds', [card('a', { confidence: 'red' }), card('b', { confidence: 'red' })]],
    [
      'three-unsure',
      [card('a', { confidence: 'yellow' }), card('b', { confidence: 'yellow' }), card('c', { confidence: 'red' })],
    ],
    ['max-effort', [card('a', { effort: 3 }), card('b', { effort: 3 })]],
    ['min-business-value', [card('a', { businessValue: 3, uxValue: 3 }), card('b', { businessValue: 0 })]],
    ['min-ux-value', [card('a', { uxValue: 1 }), card('b')]],
  ])('%s is marked, and only that', (rule, wave) => {
    expect(rulesOf(wave)).toEqual([rule]);
  });

  it('a yellow and a red card alone may share a wave', () => {
    expect(rulesOf([card('a', { confidence: 'yellow' }), card('b', { confidence: 'red' })])).toEqual([]);
  });

  it('the older set wants a green card and knows no hearts and no dependencies', () => {
    const wave = [
      card('a', { confidence: 'yellow', uxValue: 0 }),
      card('b', { confidence: 'yellow', uxValue: 0, dependsOn: ['a'] }),
    ];
    expect(rulesOf(wave, fowlerLimits)).toEqual(['needs-green']);
    expect(rulesOf(wave)).toEqual(['min-ux-value', 'dependency']);
  });

  it('what a card depends on sits in an earlier wave', () => {
    const [first, second] = [card('a', { businessValue: 3, uxValue: 3 }), card('b', { dependsOn: ['a'] })];
    expect(
      checkWaves([
        [first, card('c')],
        [second, card('d')],
      ]),
    ).toEqual([]);
    expect(
      checkWaves([
        [second, card('d')],
        [first, card('c')],
      ]),
    ).toMatchObject([{ rule: 'dependency', wave: 1 }]);
  });
});

describe('sequenceFeatures', () => {
  it('puts a long line into waves, each card once, and looks only so far ahead for one that fits', () => {
    const yellow = Array.from({ length: 200 }, (_, index) => card(`y${index}`, { confidence: 'yellow' }));
    const { waves } = sequenceFeatures([...yellow, card('green')]);
    expect(new Set(waves.flat()).size).toBe(201);
    expect(waves[0]).toEqual(['y0', 'y1']);
    expect(waves.findIndex((wave) => wave.includes('green'))).toBeGreaterThan(50);
    expect(waves.every((wave) => wave.length <= 3)).toBe(true);
  });

  it('fills waves in order and keeps dependencies apart', () => {
    const cards = [card('a'), card('b', { dependsOn: ['a'] }), card('c'), card('d'), card('e', { dependsOn: ['b'] })];
    expect(sequenceFeatures(cards)).toEqual({ waves: [['a', 'c', 'd'], ['b'], ['e']], violations: expect.any(Array) });
    expect(sequenceFeatures(cards)).toEqual(sequenceFeatures(cards));
  });

  it('keeps within the upper limits where it can', () => {
    const cards = [
      card('a', { effort: 3 }),
      card('b', { effort: 3 }),
      card('c', { confidence: 'red' }),
      card('d', { confidence: 'red' }),
    ];
    expect(sequenceFeatures(cards).waves).toEqual([
      ['a', 'c'],
      ['b', 'd'],
    ]);
  });

  it('never blocks: odd cards and circles get their waves, with a mark', () => {
    const { waves, violations } = sequenceFeatures([
      card('a', { dependsOn: ['b'] }),
      card('b', { dependsOn: ['a'] }),
      card('c', { effort: 9, dependsOn: ['nobody'] }),
    ]);
    expect(waves.flat().sort()).toEqual(['a', 'b', 'c']);
    expect(violations.map((violation) => violation.rule)).toContain('max-effort');
    const circle = sequenceFeatures([card('a', { dependsOn: ['b'] }), card('b', { dependsOn: ['a'] })]);
    expect(circle.waves).toEqual([['a'], ['b']]);
    expect(circle.violations.map((violation) => violation.rule)).toContain('dependency');
  });

  it('has nothing to say of nothing', () => {
    expect(sequenceFeatures([])).toEqual({ waves: [], violations: [] });
  });
});

it('confidence is red with any low, else yellow with any medium', () => {
  expect([
    confidenceOf('high', 'high'),
    confidenceOf('medium', 'high'),
    confidenceOf('medium', 'low'),
    confidenceOf('low', 'low'),
  ]).toEqual(['green', 'yellow', 'red', 'red']);
});
