import { branchName } from '#src/code-factory/branch-name.ts';
import { decideStep } from '#src/code-factory/decide.ts';
import type { Step } from '#src/code-factory/step.ts';
import { FactoryError } from '#src/errors.ts';
import { readBrief } from '../tools/brief.ts';
import { repositoryOf } from '../tools/repository.ts';
import type { StepTools } from '../tools/step-tools.ts';

/** Names that are tried when somebody else's work has the first one: `-2` to `-9`. */
const LAST_SUFFIX = 9;

/** Makes the branch before anything else happens, at the head that the base has now. */
export function createBranch(tools: Pick<StepTools, 'unitOfWork' | 'workspace' | 'forge' | 'ids'>): Step {
  return async (context) => {
    const { task } = context;
    const repo = await repositoryOf(tools, task);
    const brief = await readBrief(context);
    const { baseSha } = await tools.workspace.refresh(repo);
    const first = branchName({ number: task.number, title: brief.title });
    const branchId = tools.ids.next();
    for (let suffix = 1; suffix <= LAST_SUFFIX; suffix += 1) {
      const name = suffix === 1 ? first : `${first}-${suffix}`;
      const { outcome } = await tools.forge.createBranch(repo, name, baseSha);
      if (outcome === 'taken') continue;
      return {
        artifacts: [],
        decide: (now, step, meta) => decideStep({ type: 'record-branch', branchId, name, baseSha }, now, step, meta),
      };
    }
    throw new FactoryError('branch-taken', `The branches ${first} to ${first}-${LAST_SUFFIX} hold other work.`, {
      fix: 'Delete or rename those branches, then retry the task.',
    });
  };
}
