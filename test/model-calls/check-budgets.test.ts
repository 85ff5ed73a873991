import { describe, expect, it } from 'vitest';
import { costMicroUsd, reservedTokens } from '#src/model-calls/call-cost.ts';
import { checkBudgets } from '#src/model-calls/check-budgets.ts';
import type { BudgetFinding, Counted } from '#src/model-calls/check-budgets.ts';
import type { Budgets, BudgetScope } from '#src/model-calls/model-calls.ts';
import { budgetsOf, requestOf } from './fake-model.ts';

const used = (more: Partial<Counted>): Counted => ({
  countedTokens: 0,
  countedMicroUsd: 0,
  toolCalls: 0,
  toolMs: 0,
  latencyMs: 0,
  ...more,
});
const NOTHING = { tokens: 0, microUsd: 0, toolMs: 0 };
const names = { taskNumber: 3, step: 'build' };

function check(
  row: Counted,
  budgets: Budgets,
  reserve = NOTHING,
  raises: { scope: BudgetScope; key: string }[] = [],
): BudgetFinding | null {
  const ledger = {
    step: { key: 'step', used: row },
    task: { key: 'task', used: row },
    day: { key: 'day', used: row },
  };
  return checkBudgets(ledger, raises, budgets, reserve, names);
}

describe('a budget', () => {
  it('is kept as long as what is used and what may come fit under it', () => {
    const budgets = budgetsOf({ task: { tokens: 100, usd: 1 } });
    const row = used({ countedTokens: 60, countedMicroUsd: 600_000 });
    expect(check(row, budgets, { ...NOTHING, tokens: 40, microUsd: 400_000 })).toBeNull();
    expect(check(row, budgets, { ...NOTHING, tokens: 41 })).toMatchObject({ scope: 'task', key: 'task' });
    expect(check(row, budgets, { ...NOTHING, microUsd: 400_001 })).toMatchObject({ scope: 'task' });
  });

  it('without a cap is never used up', () => {
    const much = used({ countedTokens: 1e12, countedMicroUsd: 1e12, toolCalls: 1e9, toolMs: 1e12 });
    expect(check(much, budgetsOf(), { tokens: 1e9, microUsd: 1e9, toolMs: 1e9 })).toBeNull();
  });

  it('allows as much again for each raise of its own scope and key', () => {
    const budgets = budgetsOf({ task: { tokens: 100 } });
    const row = used({ countedTokens: 250 });
    const raise = { scope: 'task' as const, key: 'task' };
    expect(check(row, budgets, NOTHING, [raise])).toMatchObject({ scope: 'task' });
    expect(check(row, budgets, NOTHING, [raise, raise])).toBeNull();
    expect(check(row, budgets, NOTHING, [raise, { scope: 'task', key: 'another' }])).not.toBeNull();
    expect(check(row, budgets, NOTHING, [raise, { scope: 'step', key: 'task' }])).not.toBeNull();
  });

  it.each([
    [{ task: { tokens: 1_500_000 } }, { countedTokens: 1_500_001 }, 'Task 3 has used 1.5 of its 1.5 million tokens.'],
    [
      { step: { tokens: 4000 } },
      { countedTokens: 4001 },
      'The step "build" of task 3 has used 4,001 of its 4,000 tokens.',
    ],
    [{ task: { usd: 1 } }, { countedMicroUsd: 1_000_001 }, 'Task 3 has used 1.00 of its 1.00 USD.'],
    [{ task: { minutes: 60 } }, { latencyMs: 2_400_000, toolMs: 1_200_000 }, 'Task 3 has used 60 of its 60 minutes.'],
    [{ step: { toolCalls: 2 } }, { toolCalls: 2 }, 'The step "build" of task 3 has used 2 of its 2 tool calls.'],
    [
      { day: { usd: 5 } },
      { countedMicroUsd: 5_000_001 },
      'All work of today (UTC) together has used 5.00 of its 5.00 USD.',
    ],
  ])('says what is used up, and that nothing is lost: %j', (caps, row, sentence) => {
    const finding = check(used(row), budgetsOf(caps));
    expect(finding?.text).toBe(`${sentence} Nothing is lost: the work goes on from here.`);
  });

  it('says what the next call may take when that is what does not fit', () => {
    const usd = check(used({ countedMicroUsd: 980_000 }), budgetsOf({ task: { usd: 1 } }), {
      ...NOTHING,
      microUsd: 40_000,
    });
    expect(usd?.text).toContain('has used 0.98 of its 1.00 USD. The next call may take up to 0.04 USD.');
    const row = used({ countedTokens: 1_450_000 });
    const tokens = check(row, budgetsOf({ task: { tokens: 1_500_000 } }), { ...NOTHING, tokens: 60_000 });
    expect(tokens?.text).toContain(
      'has used 1.45 of its 1.5 million tokens. The next call may take up to 0.06 million',
    );
  });
});

describe('what a call may take', () => {
  it('is a third of its bytes, so that languages with long letters are not counted short, and its answer', () => {
    const ascii = reservedTokens(requestOf('a'.repeat(3000)));
    expect(ascii.outputTokens).toBe(100);
    expect(ascii.inputTokens).toBeGreaterThanOrEqual(1000);
    expect(reservedTokens(requestOf('字'.repeat(3000))).inputTokens).toBe(ascii.inputTokens + 2000);
  });

  it('costs by its price, rounded up; without a price nothing', () => {
    const usage = { inputTokens: 3, outputTokens: 2 };
    expect(costMicroUsd(usage, { inputUsd: 0.25, outputUsd: 2 })).toBe(5);
    expect(costMicroUsd(usage, null)).toBe(0);
  });
});
