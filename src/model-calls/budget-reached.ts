import { FactoryError } from '#src/errors.ts';
import type { BudgetScope } from './model-calls.ts';

/** A budget is used up. The task waits, and a person is asked whether to allow as much again. */
export class BudgetReached extends FactoryError {
  readonly scope: BudgetScope;
  readonly key: string;

  constructor(message: string, budget: { scope: BudgetScope; key: string }) {
    super('budget-reached', message, { fix: 'Allow as much again, or stop the task.' });
    this.name = 'BudgetReached';
    this.scope = budget.scope;
    this.key = budget.key;
  }
}
