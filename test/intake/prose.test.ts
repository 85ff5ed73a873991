import { describe, expect, it } from 'vitest';
import { splitFences } from '#src/intake/fences.ts';
import { proseOf } from '#src/intake/prose.ts';

const fences = (text: string) =>
  splitFences(text).flatMap((passage) =>
    passage.kind === 'fence' ? [{ info: passage.info, code: passage.lines.join('\n'), closed: passage.closed }] : [],
  );

describe('splitFences', () => {
  it.each([
    ['backticks', '```js\na\n```', { info: 'js', code: 'a', closed: true }],
    ['tildes', '~~~ py\na\n```\n~~~', { info: 'py', code: 'a\n```', closed: true }],
    [
      'a longer fence around a shorter',
      '````md\n```js\na\n```\n````',
      { info: 'md', code: '```js\na\n```', closed: true },
    ],
    ['a longer close', '```\na\n`````', { info: '', code: 'a', closed: true }],
    ['no close before the end', '```js\na\nb', { info: 'js', code: 'a\nb', closed: false }],
    ['in a list', '1. Do:\n   ```js\n   a\n     b\n   ```', { info: 'js', code: 'a\n  b', closed: true }],
    ['on the line of a list mark', '- ```js\n  a\n  ```', { info: 'js', code: 'a', closed: true }],
    ['indented by tabs', '\t```\n\tif x:\n\t\ty\n\t```', { info: '', code: 'if x:\n\ty', closed: true }],
    ['Windows line ends', '```js\r\na\r\n```\r\n', { info: 'js', code: 'a', closed: true }],
    [
      'a README with fences of the same length',
      '```markdown\n# A\n```bash\nnpm i\n```\nEnd\n```',
      { info: 'markdown', code: '# A\n```bash\nnpm i\n```\nEnd', closed: true },
    ],
    ['a markdown block with a lone opening', '```md\n```js\nx\n```', { info: 'md', code: '```js\nx', closed: true }],
  ])('%s', (_what, text, fence) => {
    expect(fences(text)).toEqual([fence]);
  });

  it('takes code inside a sentence for what it is', () => {
    expect(fences('```not a fence``` here')).toEqual([]);
  });

  it('needs as many marks to close as opened, and nothing behind them', () => {
    expect(fences('````\n```\n```` x\n````')).toEqual([{ info: '', code: '```\n```` x', closed: true }]);
  });
});

describe('proseOf', () => {
  it('keeps what was said around the code', () => {
    expect(proseOf('Here it is:\n```js\nlet must = 1;\n```\nIt must work.\n~~~\nx\n~~~')).toBe(
      'Here it is:\nIt must work.',
    );
  });

  it('is empty for code alone, and the text itself where there is none', () => {
    expect(proseOf('```\nx\n```')).toBe('');
    expect(proseOf('Use `x` here.')).toBe('Use `x` here.');
  });
});
