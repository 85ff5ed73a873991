import { decideStep } from '#src/code-factory/decide.ts';
import type { Step } from '#src/code-factory/step.ts';
import type { StepTools } from './step-tools.ts';

/** Until the sandbox works the step visibly waits; nothing runs outside of it. */
export function needsSandbox({ sandbox }: Pick<StepTools, 'sandbox'>, step: Step): Step {
  return async (context) => {
    const probe = await sandbox.probe();
    if (probe.ok) return step(context);
    return {
      artifacts: [],
      decide: (task, stepMeta, meta) =>
        decideStep(
          {
            type: 'wait',
            kind: 'sandbox',
            who: 'the person who runs the workbench',
            text: `${probe.reason} ${probe.fix}`,
          },
          task,
          stepMeta,
          meta,
        ),
    };
  };
}
