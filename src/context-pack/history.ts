import type { PastCommit } from '#src/ports/workspace.ts';
import { indexWords, scoreBm25 } from './bm25.ts';

/** What past commits say about where a task will be done. */
export interface ChangeHistory {
  /** How much commits whose titles are like the query changed a file; 1 for the file that fits best. */
  alike: ReadonlyMap<string, { score: number; title: string }>;
  /** How much a file changes of late; 1 for the liveliest. */
  lively: ReadonlyMap<string, number>;
  /** Files that changed together with this one: in `times` of its `of` commits. */
  togetherWith(path: string): readonly { path: string; times: number; of: number }[];
}

/** A commit of more files says little about any two of them. */
const MAX_PATHS = 30;
/** After this many commits a change counts half. */
const HALF_LIFE_COMMITS = 40;
const MIN_TIMES_TOGETHER = 2;

/** `commits`: newest first. `query`: weighted words. Only paths that are still there count. */
export function readHistory(
  commits: readonly PastCommit[],
  query: ReadonlyMap<string, number>,
  isThere: (path: string) => boolean,
): ChangeHistory {
  const usable = commits
    .map((commit) => ({ ...commit, paths: commit.paths.filter(isThere) }))
    .filter(({ paths }) => paths.length > 0 && paths.length <= MAX_PATHS);
  const byPath = new Map<string, number[]>();
  const lively = new Map<string, number>();
  usable.forEach(({ paths }, age) => {
    const weight = 0.5 ** (age / HALF_LIFE_COMMITS) / Math.sqrt(paths.length);
    for (const path of paths) {
      lively.set(path, (lively.get(path) ?? 0) + weight);
      const ages = byPath.get(path);
      if (ages) ages.push(age);
      else byPath.set(path, [age]);
    }
  });
  return {
    alike: alikeTo(usable, query),
    lively: normalised(lively),
    togetherWith(path) {
      const ages = byPath.get(path) ?? [];
      const times = new Map<string, number>();
      for (const age of ages)
        for (const other of usable[age]?.paths ?? []) if (other !== path) times.set(other, (times.get(other) ?? 0) + 1);
      return [...times]
        .filter(([, count]) => count >= MIN_TIMES_TOGETHER)
        .map(([other, count]) => ({ path: other, times: count, of: ages.length }));
    },
  };
}

function alikeTo(commits: readonly PastCommit[], query: ReadonlyMap<string, number>): ChangeHistory['alike'] {
  const index = indexWords(
    commits.map(({ title }, age) => [String(age), title]),
    query,
  );
  const sums = new Map<string, { score: number; best: number; title: string }>();
  for (const [age, score] of scoreBm25(index, query)) {
    const { paths, title } = commits[Number(age)] ?? { paths: [], title: '' };
    const share = score / Math.sqrt(paths.length);
    for (const path of paths) {
      const sum = sums.get(path) ?? { score: 0, best: 0, title };
      const isBest = share > sum.best;
      sums.set(path, { score: sum.score + share, best: Math.max(sum.best, share), title: isBest ? title : sum.title });
    }
  }
  const most = [...sums.values()].reduce((best, { score }) => Math.max(best, score), 0);
  return new Map([...sums].map(([path, { score, title }]) => [path, { score: score / most, title }]));
}

export function normalised(scores: ReadonlyMap<string, number>): Map<string, number> {
  let most = 0;
  for (const score of scores.values()) most = Math.max(most, score);
  return new Map(most === 0 ? [] : [...scores].map(([name, score]) => [name, score / most]));
}
