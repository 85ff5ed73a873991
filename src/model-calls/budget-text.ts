import type { Reached } from './check-budgets.ts';
import type { BudgetScope } from './model-calls.ts';

/** Whose budget it is, as the person in the thread knows it. */
export interface BudgetNames {
  /** null where there is no task, as when a canvas is refined. */
  taskNumber: number | null;
  step: string;
}

const MILLION = 1_000_000;

/** "Task 3 has used 1.5 of its 1.5 million tokens. Nothing is lost: …" */
export function budgetText(reached: Reached & { scope: BudgetScope }, names: BudgetNames): string {
  const { unit, used, cap, next } = reached;
  const { show, name } = units(unit, cap);
  const more = next === 0 || used >= cap ? '' : ` The next call may take up to ${show(next)} ${name}.`;
  const sum = `${show(used)} of its ${show(cap)} ${name}`;
  return `${subjectOf(reached.scope, names)} has used ${sum}.${more} Nothing is lost: the work goes on from here.`;
}

function subjectOf(scope: BudgetScope, { taskNumber, step }: BudgetNames): string {
  if (scope === 'day') return 'All work of today (UTC) together';
  const task = taskNumber === null ? 'this conversation' : `task ${taskNumber}`;
  return scope === 'task' ? `T${task.slice(1)}` : `The step "${step}" of ${task}`;
}

/** Both amounts of a sentence are shown in the unit that suits the cap. */
function units(unit: Reached['unit'], cap: number): { show: (amount: number) => string; name: string } {
  switch (unit) {
    case 'tokens':
      if (cap >= MILLION) return { show: (amount) => rounded(amount / MILLION, 0, 2), name: 'million tokens' };
      return { show: (amount) => rounded(amount, 0, 0), name: 'tokens' };
    case 'usd':
      return { show: (amount) => rounded(amount, 2, 4), name: 'USD' };
    case 'minutes':
      return { show: (amount) => rounded(amount, 0, 1), name: 'minutes' };
    case 'toolCalls':
      return { show: (amount) => rounded(amount, 0, 0), name: 'tool calls' };
  }
}

function rounded(amount: number, least: number, most: number): string {
  return amount.toLocaleString('en', { minimumFractionDigits: least, maximumFractionDigits: most });
}
