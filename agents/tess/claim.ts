import { decideStep } from '#src/code-factory/decide.ts';
import type { Step } from '#src/code-factory/step.ts';
import type { StepTools } from '../tools/step-tools.ts';

/** Takes a ready task: a new run begins. */
export function createClaim({ ids }: Pick<StepTools, 'ids'>): Step {
  return async () => {
    const runId = ids.next();
    return { artifacts: [], decide: (task, step, meta) => decideStep({ type: 'claim', runId }, task, step, meta) };
  };
}
