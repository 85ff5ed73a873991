import { describe, expect, test } from 'vitest';
import { toText } from '#bots/room/html.ts';
import { stagesOf } from '#bots/room/stage.ts';
import { absoluteTime, clockTime, duration } from '#bots/room/times.ts';
import { domId, parseThreadName, threadName, threadUrl } from '#bots/room/urls.ts';
import { exactCode, foldedProse, inline, prose } from '#bots/room/views/text.ts';
import type { Post } from '#src/ports/chat.ts';
import { draft, idea } from './fake-posts.ts';

describe('words', () => {
  test.each([
    ['a **b** c', 'a <strong>b</strong> c'],
    ['`x < y`', '<code>x &lt; y</code>'],
    ['`**not bold**`', '<code>**not bold**</code>'],
    ['** **', '<strong> </strong>'],
    ['****', '****'],
    ['``', '``'],
    ['one ` alone', 'one ` alone'],
    ['[x](javascript:alert(1))', '[x](javascript:alert(1))'],
    ['<b>&amp;', '&lt;b&gt;&amp;amp;'],
  ])('%j is drawn as %j', async (text, markup) => {
    expect(await toText(inline(text))).toBe(markup);
  });

  test('fenced code is set as code, also when its fence never ends', async () => {
    const drawn = await toText(prose('before\n```js src/a.js\n<b>\n\n**x**\n```\nafter\n~~~\nopen'));
    expect(drawn.match(/<pre/g)).toHaveLength(2);
    expect(drawn).toContain('&lt;b&gt;\n\n**x**</code>');
    expect(drawn).toContain('<figcaption>js src/a.js</figcaption>');
    expect(drawn).toContain('open</code>');
  });

  test('long writing folds', async () => {
    expect(await toText(foldedProse('word '.repeat(100)))).not.toContain('<details');
    expect(await toText(foldedProse('word '.repeat(1_000)))).toContain('Read all of it');
  });

  test('a long run of signs takes no longer than its length', async () => {
    const text = '**'.repeat(50_000) + '`'.repeat(50_001);
    expect((await toText(inline(text))).length).toBeGreaterThan(0);
  });

  test('hidden signs in code are drawn', async () => {
    const drawn = await toText(exactCode('if (admin\u202e) {\u200b'));
    expect(drawn).toContain('U+202E');
    expect(drawn).toContain('U+200B');
    expect(drawn).not.toMatch(/[\u202e\u200b]/);
  });
});

describe('stages', () => {
  const posts = (...kinds: Post['card']['kind'][]): Post[] =>
    kinds.map((kind, index) => ({
      ...draft(`k${index}`, idea, { kind: 'persona', name: 'piper' }, { kind, lead: '' }),
      id: `${index}`,
      version: 1,
      postedAt: '',
      editedAt: null,
    }));
  const at = (kinds: Post['card']['kind'][], states: string[]): string =>
    stagesOf(posts(...kinds), states)
      .map((stage) => ({ done: 'x', now: 'o', todo: '.' })[stage.state])
      .join('');

  test.each([
    [[], [], 'o....'],
    [['canvas'], [], 'o....'],
    [['canvas', 'stories'], [], 'xo...'],
    [['stories', 'sprint'], ['ready'], 'xxo..'],
    [['stories'], ['ready', 'planned'], 'xxxo.'],
    [['stories'], ['in-review', 'ready'], 'xxxxo'],
    [['stories'], ['merged', 'ready'], 'xxxxo'],
    [['stories'], ['merged', 'cancelled'], 'xxxxx'],
    [['stories'], ['cancelled'], 'xxxo.'],
    [['stories'], ['no-such-state'], 'xo...'],
  ] as [Post['card']['kind'][], string[], string][])('of %j with tasks %j are %s', (kinds, states, drawn) => {
    expect(at(kinds, states)).toBe(drawn);
  });
});

describe('times', () => {
  test.each([
    [0, '0.0 s'],
    [420, '0.4 s'],
    [-5, '0.0 s'],
    [14_000, '14 s'],
    [59_600, '1:00'],
    [185_000, '3:05'],
    [3_723_000, '1:02:03'],
  ])('%d ms is %s', (ms, words) => {
    expect(duration(ms)).toBe(words);
  });

  test('that cannot be read are shown as they are', () => {
    expect(clockTime('soon')).toBe('soon');
    expect(absoluteTime('soon')).toBe('soon');
  });
});

describe('addresses', () => {
  test('hold any id', () => {
    expect(threadUrl({ kind: 'task', id: '../x?y#z' })).toBe('/tasks/..%2Fx%3Fy%23z');
    expect(domId('post', 'a b"c')).toBe('post-a_20_b_22_c');
    expect(domId('post', 'a_20_b')).not.toBe(domId('post', 'a b'));
  });

  test('name a thread both ways', () => {
    const thread = { kind: 'idea', id: 'a:b' } as const;
    expect(parseThreadName(threadName(thread))).toEqual(thread);
    for (const bad of ['', 'idea', 'idea:', 'run:1', `idea:${'x'.repeat(201)}`])
      expect(parseThreadName(bad)).toBeNull();
  });
});
