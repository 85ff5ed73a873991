import type { Task } from '#src/code-factory/task.ts';
import { FactoryError } from '#src/errors.ts';
import type { RepositoryRef } from '#src/ports/workspace.ts';
import type { StepTools } from '../tools/step-tools.ts';

/**
 * While its checks are waited for, somebody may end a pull request; nobody wants another in its place unasked. FactoryError
 * `pull-request-closed`.
 */
export async function requireStillOpen(
  { forge }: Pick<StepTools, 'forge'>,
  repo: RepositoryRef,
  { pullRequest, waiting }: Task,
): Promise<void> {
  if (pullRequest === null || waiting?.kind !== 'checks') return;
  const { state } = await forge.readPullRequest(repo, pullRequest);
  if (state === 'open') return;
  throw new FactoryError(
    'pull-request-closed',
    `Somebody ${state} pull request ${pullRequest.number} while its checks ran.`,
    {
      fix:
        state === 'merged'
          ? 'Look at what landed, then stop this task.'
          : 'Retry to have it opened again, or stop this task.',
    },
  );
}
