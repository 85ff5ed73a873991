import type { BudgetRaiseRow } from '#src/ledger/rows.ts';
import type { TableReader } from '#src/ports/unit-of-work.ts';
import { callStepKey } from './call-id.ts';
import type { BudgetLedger, Counted } from './check-budgets.ts';
import type { Budgets, CallScope, Caps } from './model-calls.ts';

const COUNTED = ['countedTokens', 'countedMicroUsd', 'toolCalls', 'toolMs', 'latencyMs'] as const;
const NOTHING: Counted = { countedTokens: 0, countedMicroUsd: 0, toolCalls: 0, toolMs: 0, latencyMs: 0 };

/** What was used so far under each budget that has a cap, and what people allowed beyond. `day`: UTC, `2026-11-21`. */
export async function countCalls(
  tables: Pick<TableReader, 'find' | 'sum'>,
  scope: CallScope,
  day: string,
  budgets: Budgets,
): Promise<{ ledger: BudgetLedger; raises: readonly BudgetRaiseRow[] }> {
  const { taskId } = scope;
  const stepKey = callStepKey(scope);
  const [ofStep, ofTask, ofDay, raises] = await Promise.all([
    hasCap(budgets.step) ? tables.sum('model_calls', COUNTED, { stepKey }) : NOTHING,
    taskId !== null && hasCap(budgets.task) ? tables.sum('model_calls', COUNTED, { taskId }) : NOTHING,
    hasCap(budgets.day) ? tables.sum('model_calls', COUNTED, { day }) : NOTHING,
    tables.find('budget_raises', { key: [stepKey, day, ...(taskId === null ? [] : [taskId])] }),
  ]);
  const ledger = {
    step: { key: stepKey, used: ofStep },
    task: taskId === null ? null : { key: taskId, used: ofTask },
    day: { key: day, used: ofDay },
  };
  return { ledger, raises };
}

function hasCap(caps: Caps): boolean {
  return Object.values(caps).some((cap) => cap !== null);
}
