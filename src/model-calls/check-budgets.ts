import type { BudgetRaiseRow, ModelCallRow } from '#src/ledger/rows.ts';
import { budgetText } from './budget-text.ts';
import type { BudgetNames } from './budget-text.ts';
import type { Budgets, BudgetScope, Caps } from './model-calls.ts';

/** The calls that count for each scope, under the key that its raises carry. `task` is null where there is no task. */
export interface BudgetLedger {
  step: CountedCalls;
  task: CountedCalls | null;
  day: CountedCalls;
}

export interface CountedCalls {
  key: string;
  /** Of all its calls together. */
  used: Counted;
}

export type Counted = Pick<ModelCallRow, 'countedTokens' | 'countedMicroUsd' | 'toolCalls' | 'toolMs' | 'latencyMs'>;

/** What the next call may take at most, and the time that tools took since the one before. */
export interface Reserve {
  tokens: number;
  microUsd: number;
  toolMs: number;
}

export interface BudgetFinding {
  scope: BudgetScope;
  key: string;
  /** For the person who is asked. */
  text: string;
}

const SCOPES: readonly BudgetScope[] = ['step', 'task', 'day'];
const MS_PER_MINUTE = 60_000;
const MICRO = 1_000_000;

/**
 * The first budget that the next call would break; null: it may be made. Tokens and money are counted with what the
 * call may take, so that no cap is ever passed; time and tool calls once they are used up. Each raise allows a cap as
 * much again.
 */
export function checkBudgets(
  ledger: BudgetLedger,
  raises: readonly Pick<BudgetRaiseRow, 'scope' | 'key'>[],
  budgets: Budgets,
  reserve: Reserve,
  names: BudgetNames,
): BudgetFinding | null {
  for (const scope of SCOPES) {
    const counted = ledger[scope];
    if (counted === null) continue;
    const { key } = counted;
    const times = 1 + raises.filter((raise) => raise.scope === scope && raise.key === key).length;
    const reached = firstReached(counted.used, scaled(budgets[scope], times), reserve);
    if (reached !== null) return { scope, key, text: budgetText({ scope, ...reached }, names) };
  }
  return null;
}

function scaled(caps: Caps, times: number): Caps {
  const more = (cap: number | null) => (cap === null ? null : cap * times);
  return {
    tokens: more(caps.tokens),
    usd: more(caps.usd),
    minutes: more(caps.minutes),
    toolCalls: more(caps.toolCalls),
  };
}

export interface Reached {
  unit: keyof Caps;
  used: number;
  cap: number;
  /** What the next call may take; 0 where it takes nothing of this unit by itself. */
  next: number;
}

function firstReached(counted: Counted, caps: Caps, reserve: Reserve): Reached | null {
  const { countedTokens: tokens, countedMicroUsd: microUsd, toolCalls } = counted;
  if (caps.tokens !== null && tokens + reserve.tokens > caps.tokens)
    return { unit: 'tokens', used: tokens, cap: caps.tokens, next: reserve.tokens };
  if (caps.usd !== null && microUsd + reserve.microUsd > Math.round(caps.usd * MICRO))
    return { unit: 'usd', used: microUsd / MICRO, cap: caps.usd, next: reserve.microUsd / MICRO };
  const minutes = (counted.toolMs + counted.latencyMs + reserve.toolMs) / MS_PER_MINUTE;
  if (caps.minutes !== null && minutes >= caps.minutes)
    return { unit: 'minutes', used: minutes, cap: caps.minutes, next: 0 };
  if (caps.toolCalls !== null && toolCalls >= caps.toolCalls)
    return { unit: 'toolCalls', used: toolCalls, cap: caps.toolCalls, next: 0 };
  return null;
}
