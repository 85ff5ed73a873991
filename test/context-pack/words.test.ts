import { describe, expect, it } from 'vitest';
import { createWordCounter, wordsOf } from '#src/context-pack/words.ts';

describe('words of code and prose', () => {
  it.each([
    ['readFileOf', ['readfileof', 'read', 'file']],
    ['parse_HTTP_header', ['parse_http_header', 'parse', 'http', 'header']],
    ['src/git/tree.test.ts', ['src', 'git', 'tree', 'test', 'ts']],
    ['XMLParser2', ['xmlparser2', 'xml', 'parser']],
    ['The tree of a commit', ['tree', 'commit']],
    ['größeÄndern', ['größeändern', 'größe', 'ändern']],
    ['', []],
  ])('%j', (text, expected) => {
    expect(wordsOf(text)).toEqual(expected);
  });

  it.each(['readFile readFile read', 'readFile readFile read – ü'])('counts the wanted ones of %j, and all', (text) => {
    const { counts, total } = createWordCounter(new Set(['read', 'readfile', 'constructor']))(text);
    expect([...counts]).toEqual([
      ['readfile', 2],
      ['read', 3],
    ]);
    expect(total).toBe(7);
  });
});
