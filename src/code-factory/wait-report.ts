import { FactoryError } from '#src/errors.ts';
import { storableText } from '#src/ledger/storable.ts';
import { BudgetReached } from '#src/model-calls/budget-reached.ts';
import { decideStep } from './decide.ts';
import type { StepCommand } from './decide.ts';
import type { StepReport } from './step.ts';
import type { Task } from './task.ts';

const RUNNER = 'the person who runs the workbench';
const FORGE = 'the forge';

/** A model that cannot be had just now. */
const MODEL_WAITS: ReadonlySet<string> = new Set([
  'model-key-refused',
  'model-unknown',
  'model-busy',
  'model-quota',
  'model-unreachable',
]);

/**
 * What a step that failed may wait for: a budget, a model, the forge. It is done again later and nothing is lost. null: it
 * is a fault of the task. `isLast`: it is not tried again at once.
 */
export function waitReport(error: unknown, isLast: boolean): StepReport | null {
  if (!(error instanceof FactoryError)) return null;
  const text = storableText(`${error.message} ${error.fix}`);
  if (error instanceof BudgetReached) {
    const budget = { scope: error.scope, key: error.key };
    return waiting((task) => ({ type: 'wait', kind: 'budget', who: task.requester, text, budget }));
  }
  if (MODEL_WAITS.has(error.code)) return waiting(() => ({ type: 'wait', kind: 'model', who: RUNNER, text }));
  if (error.code === 'github-busy') {
    // The same words each time: how long it takes changes with every look, and each change would be a fact.
    const same = 'GitHub takes no more requests for a while. This task goes on by itself when it does.';
    return waiting(() => ({ type: 'wait', kind: 'repository', who: FORGE, text: same }));
  }
  if (!isLast) return null;
  if (error.code === 'github-token-refused')
    return waiting(() => ({ type: 'wait', kind: 'repository', who: RUNNER, text }));
  return error.retryable && error.code.startsWith('github-')
    ? waiting(() => ({ type: 'wait', kind: 'repository', who: FORGE, text }))
    : null;
}

function waiting(command: (task: Task) => StepCommand): StepReport {
  return { artifacts: [], decide: (task, step, meta) => decideStep(command(task), task, step, meta) };
}
