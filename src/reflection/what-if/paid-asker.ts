import { createHash } from 'node:crypto';
import { requireGoing } from '#src/code-factory/halt-watch.ts';
import { FactoryError } from '#src/errors.ts';
import { canonicalJson } from '#src/ledger/canonical-json.ts';
import { BudgetReached } from '#src/model-calls/budget-reached.ts';
import { costMicroUsd } from '#src/model-calls/call-cost.ts';
import { createModelCalls } from '#src/model-calls/create-model-calls.ts';
import type { Budgets } from '#src/model-calls/model-calls.ts';
import type { Clock } from '#src/ports/clock.ts';
import type { Model, ModelOffice, ModelRequest } from '#src/ports/model.ts';
import type { UnitOfWork } from '#src/ports/unit-of-work.ts';
import type { Thought } from './recorded-thoughts.ts';
import type { Asker } from './replay-thought.ts';

export interface AskingTools {
  unitOfWork: Pick<UnitOfWork, 'transact' | 'withLock' | 'ledger' | 'artifacts' | 'tables'>;
  clock: Clock;
  office: ModelOffice;
  budgets: Budgets;
  /** The factory's own, by value: no model is told them. */
  secrets: readonly string[];
}

/** What was asked and paid for just now; what an earlier what-if recorded does not count. */
export interface AskedNow {
  calls: number;
  tokens: number;
  costMicroUsd: number;
}

/**
 * Asks for one thought, on calls of its own: they belong to no task, count against the budgets of a step and of the day,
 * and are found again by whoever asks for the same change of the same thought. Adds what it spends to `spent`.
 */
export function createPaidAsker(
  { unitOfWork, clock, office, budgets, secrets }: AskingTools,
  { thought, first, name, ...of }: AskedFor,
  { spent, signal }: { spent: AskedNow; signal: AbortSignal },
): Asker {
  const { model, price } = office.for(thought.persona, name);
  if (price === null && Object.values(budgets).some(({ usd }) => usd !== null)) {
    throw new FactoryError('model-unpriced', `A budget is in dollars, and nobody said what ${name} costs.`, {
      fix: `Add ${name}=IN/OUT to MODEL_PRICES, in dollars per million tokens.`,
    });
  }
  const counted: Model = {
    ...model,
    async complete(request, abort) {
      spent.calls += 1;
      const answer = await model.complete(request, abort);
      spent.tokens += answer.usage.inputTokens + answer.usage.outputTokens;
      spent.costMicroUsd += costMicroUsd(answer.usage, price);
      return answer;
    },
  };
  const calls = createModelCalls(
    { unitOfWork, clock, model: counted, price, budgets, secrets, guard: (transaction) => requireGoing(transaction) },
    {
      ...of,
      taskId: null,
      runId: null,
      attempt: thought.attempt,
      step: `what-if ${thought.part}`,
      occasion: createHash('sha256')
        .update(canonicalJson({ of: thought.key, first, name }))
        .digest('hex'),
      persona: thought.persona,
    },
  );
  return {
    windowTokens: model.windowTokens,
    async ask(request) {
      try {
        const answer = await calls.ask(request, { toolMs: 0, signal });
        return { answer, costMicroUsd: costMicroUsd(answer.usage, price) };
      } catch (error) {
        if (!(error instanceof BudgetReached)) throw error;
        throw new FactoryError(error.code, error.message, {
          fix: 'Say the same again tomorrow, or raise BUDGET_STEP or BUDGET_DAY; what was answered is not asked again.',
        });
      }
    },
  };
}

interface AskedFor {
  projectId: string;
  conversationId: string;
  thought: Thought;
  /** The thought's first question with the change. */
  first: ModelRequest;
  /** The model's name at its endpoint. */
  name: string;
}
