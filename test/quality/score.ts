/** How much of what was planted is found, and how much of what is found was planted. */
export interface Score {
  planted: number;
  found: number;
  right: number;
}

export function none(): Score {
  return { planted: 0, found: 0, right: 0 };
}

/** `either`: what may be found and need not. */
export function count(
  score: Score,
  { planted, found, either = [] }: { planted: readonly string[]; found: readonly string[]; either?: readonly string[] },
): void {
  const told = found.filter((name) => !either.includes(name));
  score.planted += planted.length;
  score.found += told.length;
  score.right += told.filter((name) => planted.includes(name)).length;
}

/** A row of a table: what it is, how many, precision and recall. */
export function scoreRow(name: string, { planted, found, right }: Score): string[] {
  return [name, String(planted), String(found), (right / found).toFixed(3), (right / planted).toFixed(3)];
}

export const SCORE_COLUMNS = ['of', 'planted', 'found', 'precision', 'recall'];
