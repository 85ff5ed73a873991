import { indexWords, plainQuery, scoreBm25 } from '#src/context-pack/bm25.ts';
import { charactersFor, estimateTokens } from '#src/context-pack/tokens.ts';

type Lines = readonly (readonly [from: number, to: number])[];

/** The peer: files in the order of plain BM25 over path and content, whole until the budget is full, the next one cut. */
export function plainBm25(query: string, texts: ReadonlyMap<string, string>, budgetTokens: number): Map<string, Lines> {
  const words = plainQuery(query);
  const index = indexWords(
    [...texts].map(([path, text]) => [path, `${path}\n${text}`]),
    words,
  );
  const order = [...scoreBm25(index, words)].sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1));
  const shown = new Map<string, Lines>();
  let left = budgetTokens;
  for (const [path] of order) {
    const text = texts.get(path) ?? '';
    const name = estimateTokens(`${path}\n\n`);
    const cut = text.slice(0, charactersFor(left - name));
    if (cut === '' && text !== '') break;
    shown.set(path, [[1, cut.split('\n').length]]);
    left -= name + estimateTokens(text);
    if (left <= 0) break;
  }
  return shown;
}
