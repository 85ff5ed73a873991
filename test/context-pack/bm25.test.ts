import { describe, expect, it } from 'vitest';
import { indexWords, plainQuery, scoreBm25 } from '#src/context-pack/bm25.ts';

const score = (query: string, documents: [string, string][]) => {
  const words = plainQuery(query);
  return scoreBm25(indexWords(documents, words), words);
};

describe('BM25', () => {
  const documents: [string, string][] = [
    ['rare', 'lock lock file'],
    ['common', 'file file file'],
    ['long', `lock ${'other '.repeat(50)}`],
    ['none', 'nothing here'],
  ];

  it('prefers rare words, more of them, and shorter texts', () => {
    const scores = score('lock', documents);
    expect([...scores.keys()].sort()).toEqual(['long', 'rare']);
    expect(scores.get('rare')).toBeGreaterThan(scores.get('long') ?? 0);
    expect(score('lock file', documents).get('rare')).toBeGreaterThan(score('lock', documents).get('rare') ?? 0);
  });

  it('gives what the formula gives', () => {
    // One of two documents, of average length: idf = ln(1 + 1.5 / 1.5), tf part = 2.2 / 2.2.
    const scores = score('lock', [
      ['a', 'lock'],
      ['b', 'file'],
    ]);
    expect(scores.get('a')).toBeCloseTo(Math.log(2), 10);
  });

  it('knows an empty repository and an empty query', () => {
    expect(score('lock', []).size).toBe(0);
    expect(score('', documents).size).toBe(0);
  });
});
