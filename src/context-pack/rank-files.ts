import { indexWords, inverseFrequency, scoreBm25 } from './bm25.ts';
import type { WordIndex } from './bm25.ts';
import { normalised, readHistory } from './history.ts';
import { readImports } from './import-graph.ts';
import { findMentions } from './mentions.ts';
import type { RepositoryView } from './pack.ts';
import { spreadToNeighbours } from './spread.ts';
import { definitionsIn } from './symbols.ts';
import type { Definition } from './symbols.ts';
import { pairTests } from './test-pairs.ts';
import { wordsOf } from './words.ts';

/** A piece of the task that files are searched for. */
export interface QueryPart {
  /** How a person would call it: "the title", "criterion 2". */
  label: string;
  text: string;
  weight: number;
}

export interface RankedFile {
  path: string;
  /** Higher is more likely to matter; only comparable within one ranking. */
  score: number;
  why: string;
}

export interface Ranking {
  files: RankedFile[];
  definitions: ReadonlyMap<string, readonly Definition[]>;
  /** How much a query word tells, for choosing lines of a file. */
  wordValues: ReadonlyMap<string, number>;
}

/**
 * What each sign may add. Tuned on commits with an even id of this repository, sindresorhus/execa and psf/requests;
 * `npm run quality` tells how it does on the odd ones.
 */
const WEIGHTS = { content: 1, path: 0.6, mention: 1.5, symbol: 0.6, alike: 0.5, lively: 0.25 };

/** The first signs of the list below: the task names the file, or what it defines. */
const NAMING_SIGNS = 2;
const SHARES_WORDS = 'shares words with the task';
/** For so many files the shared words are looked up. */
const MAX_EXPLAINED = 100;
const MAX_WORDS_SHOWN = 3;

/** Files that come before all others: those of the plan, then those that people named for the task. */
export interface Focus {
  planned: readonly string[];
  named: readonly string[];
}

/** Files that matter for a task, the likeliest first. Files that nothing speaks for are not in it. */
export function rankFiles(query: readonly QueryPart[], focus: Focus, view: RepositoryView): Ranking {
  const { texts } = view;
  const weights = weighWords(query);
  const contents = indexWords(texts, weights);
  const paths = indexWords(
    [...texts.keys()].map((path) => [path, path]),
    weights,
  );
  const definitions = new Map([...texts].map(([path, text]) => [path, definitionsIn(path, text)]));
  const history = readHistory(view.history, weights, (path) => texts.has(path));
  const mentions = findMentions(query, [...texts.keys()], definitions);
  const byContent = normalised(scoreBm25(contents, weights));
  const byPath = normalised(scoreBm25(paths, weights));

  const own = new Map<string, { score: number; why: string }>();
  for (const path of texts.keys()) {
    const mention = mentions.paths.get(path);
    const symbol = mentions.symbols.get(path);
    const alike = history.alike.get(path);
    const signs = [
      { score: WEIGHTS.mention * (mention?.score ?? 0), why: `named in ${mention?.label}` },
      { score: WEIGHTS.symbol * (symbol?.score ?? 0), why: `defines ${symbol?.name}, named in ${symbol?.label}` },
      { score: WEIGHTS.path * (byPath.get(path) ?? 0), why: 'its name shares words with the task' },
      { score: WEIGHTS.content * (byContent.get(path) ?? 0), why: SHARES_WORDS },
      { score: WEIGHTS.alike * (alike?.score ?? 0), why: `changed in a commit much like this task: "${alike?.title}"` },
      { score: WEIGHTS.lively * (history.lively.get(path) ?? 0), why: 'changes often of late' },
    ];
    const score = signs.reduce((sum, sign) => sum + sign.score, 0);
    // What names the file says more to a person than likeness, even where it counts for less.
    const telling = signs.find((sign, index) => index < NAMING_SIGNS && sign.score > 0);
    const strongest = signs.reduce((best, sign) => (sign.score > best.score ? sign : best));
    if (score > 0) own.set(path, { score, why: (telling ?? strongest).why });
  }
  const wanted = wantedFiles(focus, texts);
  const highest = [...own.values()].reduce((most, { score }) => Math.max(most, score), 1);
  for (const [path, why] of wanted) own.set(path, { score: (own.get(path)?.score ?? 0) + 2 * highest, why });

  const spread = spreadToNeighbours(own, { imports: readImports(texts), pairs: pairTests(texts.keys()), history });
  const found = [...spread]
    .filter(([path]) => !wanted.has(path))
    .map(([path, { score, why }]) => ({ path, score, why }))
    .sort((a, b) => b.score - a.score || (a.path < b.path ? -1 : 1));
  const first = [...wanted].map(([path, why]) => ({ path, score: own.get(path)?.score ?? 0, why }));
  const wordValues = valueWords(weights, contents);
  return { files: [...first, ...explained(found, contents, wordValues)], definitions, wordValues };
}

/** In their order, each with the reason. */
function wantedFiles({ planned, named }: Focus, texts: ReadonlyMap<string, string>): Map<string, string> {
  const wanted = new Map<string, string>();
  for (const path of planned) if (texts.has(path)) wanted.set(path, 'named in the plan');
  for (const path of named)
    if (texts.has(path) && !wanted.has(path)) wanted.set(path, 'named by whoever asked for this task');
  return wanted;
}

/** Says which words a file shares with the task: those that tell most. */
function explained(
  files: readonly RankedFile[],
  contents: WordIndex,
  values: ReadonlyMap<string, number>,
): RankedFile[] {
  const vague = new Set(files.slice(0, MAX_EXPLAINED).flatMap(({ path, why }) => (why === SHARES_WORDS ? [path] : [])));
  const words = new Map<string, string>();
  for (const { name, counts } of contents.documents) {
    if (!vague.has(name)) continue;
    const shared = [...values].filter(([word]) => counts.has(word)).sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1));
    words.set(
      name,
      shared
        .slice(0, MAX_WORDS_SHOWN)
        .map(([word]) => word)
        .join(', '),
    );
  }
  return files.map((file) => (words.has(file.path) ? { ...file, why: `${file.why}: ${words.get(file.path)}` } : file));
}

/** Each word with the weight of the parts that it stands in; a word of several parts counts a little more. */
function weighWords(query: readonly QueryPart[]): Map<string, number> {
  const weights = new Map<string, number>();
  for (const { text, weight } of query) {
    for (const word of new Set(wordsOf(text))) {
      const known = weights.get(word) ?? 0;
      weights.set(word, Math.max(known, weight) + Math.min(known, weight) / 4);
    }
  }
  return weights;
}

function valueWords(weights: ReadonlyMap<string, number>, contents: WordIndex): Map<string, number> {
  return new Map([...weights].map(([word, weight]) => [word, weight * inverseFrequency(contents, word)]));
}
