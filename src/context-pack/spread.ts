import type { ChangeHistory } from './history.ts';
import type { ImportGraph } from './import-graph.ts';

interface Scored {
  score: number;
  why: string;
}

/** How many of the likeliest files pass some of their score on. */
const SEEDS = 12;
/** Which part of a seed's score a neighbour gets. */
const PASSED_ON = { pair: 0.6, imports: 0.3, importedBy: 0.15, together: 0.25 };
/** A file that very many import is a neighbour of everything. */
const MAX_USERS = 25;
/** Pulls the share of a file with few commits towards zero. */
const PRIOR_COMMITS = 2;

/** Gives files beside the likeliest ones a part of their score: tests, imports, what changed together with them. */
export function spreadToNeighbours(
  own: ReadonlyMap<string, Scored>,
  links: { imports: ImportGraph; pairs: (path: string) => readonly string[]; history: ChangeHistory },
): Map<string, Scored> {
  const seeds = [...own].sort(([a, x], [b, y]) => y.score - x.score || (a < b ? -1 : 1)).slice(0, SEEDS);
  const gains = new Map<string, Map<string, Scored>>();
  const pass = (kind: string, from: string, to: string, score: number, why: string) => {
    if (from === to || score <= 0) return;
    const known = gains.get(to) ?? new Map<string, Scored>();
    // Of one kind only the best link counts: many weak ones are no proof.
    if (score > (known.get(kind)?.score ?? 0)) known.set(kind, { score, why });
    gains.set(to, known);
  };
  for (const [path, { score }] of seeds) {
    for (const other of links.pairs(path))
      pass('pair', path, other, PASSED_ON.pair * score, `tests ${path}, or is tested by it`);
    const targets = links.imports.imports(path);
    for (const other of targets) pass('import', path, other, PASSED_ON.imports * score, `imported by ${path}`);
    const users = links.imports.importedBy(path);
    if (users.length <= MAX_USERS)
      for (const other of users) pass('import', path, other, PASSED_ON.importedBy * score, `imports ${path}`);
    for (const { path: other, times, of } of links.history.togetherWith(path)) {
      const share = times / (of + PRIOR_COMMITS);
      pass(
        'together',
        path,
        other,
        PASSED_ON.together * share * score,
        `changed together with ${path} in ${times} of ${of} commits`,
      );
    }
  }
  const spread = new Map(own);
  for (const [path, kinds] of gains) {
    const known = own.get(path) ?? { score: 0, why: '' };
    const added = [...kinds.values()];
    const strongest = added.reduce((best, gain) => (gain.score > best.score ? gain : best));
    const score = added.reduce((sum, gain) => sum + gain.score, known.score);
    spread.set(path, { score, why: strongest.score > known.score ? strongest.why : known.why });
  }
  return spread;
}
