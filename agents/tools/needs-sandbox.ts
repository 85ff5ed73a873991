import { decideStep } from '#src/code-factory/decide.ts';
import type { Step } from '#src/code-factory/step.ts';
import type { Sandbox } from '#src/ports/sandbox.ts';
import type { StepTools } from './step-tools.ts';

/** Sandboxes that have worked: a probe takes as long as a small check, and one that breaks later fails its own command. */
const proven = new WeakSet<Sandbox>();

/** Until the sandbox works the step visibly waits; nothing runs outside of it. */
export function needsSandbox({ sandbox }: Pick<StepTools, 'sandbox'>, step: Step): Step {
  return async (context) => {
    if (proven.has(sandbox)) return step(context);
    const probe = await sandbox.probe();
    if (probe.ok) {
      proven.add(sandbox);
      return step(context);
    }
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
