import { describe, expect, it } from 'vitest';
import { durationWords } from '#src/reflection/duration-words.ts';
import { markdownLine } from '#src/reflection/markdown-line.ts';
import { renderRetrospective } from '#src/reflection/retrospective-markdown.ts';
import type { Retrospective } from '#src/reflection/retrospective.ts';
import { sparkline } from '#src/reflection/sparkline.ts';

const retrospective: Retrospective = {
  ...{ project: 'Greeter', from: '2026-11-16T09:00:00.000Z', until: '2026-11-23T09:00:00.000Z' },
  shipped: [{ number: 3, title: 'Greet by name', url: null }],
  hurt: [{ text: '“cart > adds” failed 4 times, in 3 tasks.', seqs: [1, 2, 3, 4] }],
  toTry: ['Mend “cart > adds” for good.'],
  numbers: [{ name: 'merged', value: '1', trend: [0, 2, 4, 2, 1] }],
  caveats: [],
};

describe('a retrospective to read on a phone', () => {
  it('says what shipped, what hurt, what to try and three numbers', () => {
    expect(renderRetrospective(retrospective, markdownLine)).toBe(
      [
        '**Greeter, Nov 16 to Nov 23**',
        '**Shipped**\n- 3 Greet by name',
        '**Hurt**\n- “cart \\> adds” failed 4 times, in 3 tasks.',
        '**To try**\n- Mend “cart \\> adds” for good.',
        '**Numbers**\n- merged: 1 ▁▅█▅▃\n',
      ].join('\n\n'),
    );
  });

  it('is one line after a quiet week', () => {
    const quiet = renderRetrospective({ ...retrospective, shipped: [], hurt: [], toTry: [] }, markdownLine);
    expect(quiet.trimEnd().split('\n')).toHaveLength(1);
    expect(quiet).toContain('a quiet week');
  });

  it('takes titles for words, whatever they hold', () => {
    const title = '# Big\n- [press](https://evil.example) `x`';
    const text = renderRetrospective({ ...retrospective, shipped: [{ number: 1, title, url: null }] }, markdownLine);
    expect(text).toContain('- 1 \\# Big - \\[press\\](https://evil.example) \\`x\\`');
  });

  it('counts what it leaves out', () => {
    const shipped = Array.from({ length: 12 }, (_, index) => ({ number: index, title: 'x', url: null }));
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
