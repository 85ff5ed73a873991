import { createWordCounter, wordsOf } from './words.ts';
import type { WordCounts } from './words.ts';

/** Robertson and Zaragoza, "The Probabilistic Relevance Framework: BM25 and Beyond" (2009): usual values of k1 and b. */
const K1 = 1.2;
const B = 0.75;

/** Words of a set of documents; it knows only those of the query that it was made for. */
export interface WordIndex {
  documents: readonly ({ name: string } & WordCounts)[];
  averageTotal: number;
  /** In how many documents a word stands. */
  documentsWith(word: string): number;
}

/** `documents`: name to text. `query`: words with weights, 1 each where it is plain. */
export function indexWords(
  documents: Iterable<readonly [name: string, text: string]>,
  query: ReadonlyMap<string, number>,
): WordIndex {
  const count = createWordCounter(new Set(query.keys()));
  const counted = [...documents].map(([name, text]) => ({ name, ...count(text) }));
  const spread = new Map<string, number>();
  for (const { counts } of counted) for (const word of counts.keys()) spread.set(word, (spread.get(word) ?? 0) + 1);
  const all = counted.reduce((sum, { total }) => sum + total, 0);
  return {
    documents: counted,
    averageTotal: counted.length === 0 ? 0 : all / counted.length,
    documentsWith: (word) => spread.get(word) ?? 0,
  };
}

/** Textbook BM25 of every document that shares a word with the query that the index was made for, by name. */
export function scoreBm25(index: WordIndex, query: ReadonlyMap<string, number>): Map<string, number> {
  const scores = new Map<string, number>();
  const terms = [...query].map(([word, weight]) => ({ word, weight: weight * inverseFrequency(index, word) }));
  for (const { name, counts, total } of index.documents) {
    let score = 0;
    const norm = K1 * (1 - B + (B * total) / (index.averageTotal || 1));
    for (const { word, weight } of terms) {
      const count = counts.get(word);
      if (count !== undefined) score += (weight * count * (K1 + 1)) / (count + norm);
    }
    if (score > 0) scores.set(name, score);
  }
  return scores;
}

/** How rare a word is among the documents; never below zero. */
export function inverseFrequency(index: WordIndex, word: string): number {
  const found = index.documentsWith(word);
  return Math.log(1 + (index.documents.length - found + 0.5) / (found + 0.5));
}

/** A plain query: each distinct word counts once. */
export function plainQuery(text: string): Map<string, number> {
  return new Map(wordsOf(text).map((word) => [word, 1]));
}
