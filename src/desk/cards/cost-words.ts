import type { ModelCallRow } from '#src/ledger/rows.ts';

/** What calls to a model came to. */
export interface Cost {
  /** Answered or failed; calls under way are not counted yet. */
  calls: number;
  /** Of requests and answers together. */
  tokens: number;
  microUsd: number;
  /** Names at their endpoints, each once. */
  models: string[];
}

const MICRO_USD = 1_000_000;

/** A failed call counts with what it may have spent. */
export function costOf(rows: readonly ModelCallRow[]): Cost {
  const ended = rows.filter(({ state }) => state !== 'asked');
  const sum = (of: (row: ModelCallRow) => number) => ended.reduce((total, row) => total + of(row), 0);
  return {
    calls: ended.length,
    tokens: sum((row) => row.countedTokens),
    microUsd: sum((row) => row.countedMicroUsd),
    models: [...new Set(rows.filter(mayHaveAnswered).map(({ model }) => model))],
  };
}

/** A name that no endpoint knew, or a key that none took, is no model that was used. */
function mayHaveAnswered({ state, countedTokens }: ModelCallRow): boolean {
  return state !== 'failed' || countedTokens > 0;
}

/** "0.42 USD, 61,000 tokens, gpt-x"; the tokens alone where the model has no price. */
export function costWords({ calls, tokens, microUsd, models }: Cost): string {
  if (models.length === 0) return `nothing; no model ${calls === 0 ? 'was used' : 'has answered'}`;
  if (calls === 0) return `nothing yet, ${models.join(', ')}`;
  const sums = [...(microUsd === 0 ? [] : [usd(microUsd)]), tokenWords(tokens)];
  return [...sums, ...models].join(', ');
}

export function tokenWords(tokens: number): string {
  return `${tokens.toLocaleString('en')} ${tokens === 1 ? 'token' : 'tokens'}`;
}

function usd(microUsd: number): string {
  const amount = microUsd / MICRO_USD;
  if (amount < 0.01) return 'under 0.01 USD';
  return `${amount.toLocaleString('en', { minimumFractionDigits: 2, maximumFractionDigits: 2 })} USD`;
}
