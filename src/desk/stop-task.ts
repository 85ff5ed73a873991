import { controlTask } from '#src/code-factory/control-task.ts';
import { loadTask } from '#src/code-factory/run-pass.ts';
import { FactoryError } from '#src/errors.ts';
import { closePullRequest } from '#src/review/review-task.ts';
import type { DeskTools } from './desk-tools.ts';

/**
 * Stops a task at once; what runs for it notices within half a second. The answer says what could not be done, or is
 * null. A task that is being merged is stopped at the forge first: where the merge was faster, it stands.
 */
export async function stopTask(tools: DeskTools, taskId: string, actor: string): Promise<string | null> {
  const before = await loadTask(tools.unitOfWork, taskId);
  if (before?.status === 'approved') await closePullRequest(tools.review, before);
  const stopped = await controlTask(tools, { taskId, actor, lane: tools.lane, command: { type: 'stop' } });
  try {
    await closePullRequest(tools.review, stopped);
    return null;
  } catch (error) {
    if (!(error instanceof FactoryError)) throw error;
    return `Task ${stopped.number} is stopped, but its pull request stays as it is: ${error.message} ${error.fix}`;
  }
}
