import { describe, expect, it } from 'vitest';
import { durationWords } from '#src/reflection/duration-words.ts';
import { markdownLine } from '#src/reflection/markdown-line.ts';
import { renderRetrospective } from '#src/reflection/retrospective-markdown.ts';
import type { Retrospective } from '#src/reflection/retrospective.ts';
import { sparkline } from '#src/reflection/sparkline.ts';

const retrospective: Retrospective = {
  ...{ project: 'Greeter', from: '2026-11-16T09:00:00.000Z', until: '2026-11-23T09:00:00.000Z' },
  better: { lessonId: 'l3', text: '“sends mail” failed in 6 of 14 tasks before lesson 3, and in 1 of 12 since.' },
  shipped: [{ taskId: 't3', number: 3, title: 'Greet by name', url: null }],
  hurt: [{ text: '“cart > adds” failed 4 times, in 3 tasks.', seqs: [1, 2, 3, 4] }],
  learned: [
    { lessonId: 'l4', number: 4, text: 'Round half a cent up in src/cart.', asks: 'accept', effect: null },
    { lessonId: 'l2', number: 2, text: 'Sort the names.', asks: 'retire', effect: 'It did nothing.' },
  ],
  toTry: ['Mend “cart > adds” for good.'],
  numbers: [{ name: 'merged', value: '1', trend: [0, 2, 4, 2, 1] }],
  caveats: [],
};

describe('a retrospective to read on a phone', () => {
  it('begins with what got better, then says what shipped, hurt, was learned and is to be tried, and three numbers', () => {
    expect(renderRetrospective(retrospective, markdownLine)).toBe(
      [
        '**Greeter, Nov 16 to Nov 23**',
        'Better: “sends mail” failed in 6 of 14 tasks before lesson 3, and in 1 of 12 since.',
        '**Shipped**\n- 3 Greet by name',
        '**Hurt**\n- “cart \\> adds” failed 4 times, in 3 tasks.',
        '**Learned**\n- lesson 4: Round half a cent up in src/cart.\n- lesson 2, which may go: Sort the names. It did nothing.',
        '**To try**\n- Mend “cart \\> adds” for good.',
        '**Numbers**\n- merged: 1 ▁▅█▅▃\n',
      ].join('\n\n'),
    );
  });

  it('is one line after a quiet week', () => {
    const nothing = { better: null, shipped: [], hurt: [], learned: [], toTry: [] };
    const quiet = renderRetrospective({ ...retrospective, ...nothing }, markdownLine);
    expect(quiet.trimEnd().split('\n')).toHaveLength(1);
    expect(quiet).toContain('a quiet week');
  });

  it('takes titles for words, whatever they hold', () => {
    const title = '# Big\n- [press](https://evil.example) `x`';
    const text = renderRetrospective(
      { ...retrospective, shipped: [{ taskId: 't1', number: 1, title, url: null }] },
      markdownLine,
    );
    expect(text).toContain('- 1 \\# Big - \\[press\\](https://evil.example) \\`x\\`');
  });

  it('counts what it leaves out', () => {
    const shipped = Array.from({ length: 12 }, (_, index) => ({ taskId: 't', number: index, title: 'x', url: null }));
    expect(renderRetrospective({ ...retrospective, shipped }, markdownLine)).toContain('- and 5 more');
  });
});

describe('a picture of some numbers', () => {
  it.each([
    [[1, 2, 3], '▁▅█'],
    [[5, 5], '▅▅'],
    [[null, 0, 1], '·▁█'],
    [[null, 3], ''],
    [[], ''],
  ])('%j is %s', (values, picture) => {
    expect(sparkline(values)).toBe(picture);
  });
});

describe('a time in words', () => {
  it.each([
    [10, 'under a second'],
    [40_000, '40 s'],
    [720_000, '12 min'],
    [12_600_000, '3.5 h'],
    [86_400_000, '1 day'],
    [216_000_000, '2.5 days'],
  ])('%i ms: %s', (ms, words) => {
    expect(durationWords(ms)).toBe(words);
  });
});
