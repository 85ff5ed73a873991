import { controlTask } from '#src/code-factory/control-task.ts';
import { loadTask } from '#src/code-factory/run-pass.ts';
import { requestChanges } from '#src/review/review-task.ts';
import type { DeskTools } from './desk-tools.ts';

/** Another go at a blocked task: a model mends what was built; without one the line begins anew from the branch. */
export async function retryTask(tools: DeskTools, taskId: string, actor: string): Promise<void> {
  const mend = await canMend(tools, taskId);
  await controlTask(tools, { taskId, actor, lane: tools.lane, command: { type: 'retry', revision: null, mend } });
}

/** A reviewer wants something else. A model takes it up at once; without one the task waits for code. */
export async function changeTask(
  tools: DeskTools,
  taskId: string,
  actor: string,
  comment: string,
): Promise<string | null> {
  const mend = await canMend(tools, taskId);
  await requestChanges(tools.review, { taskId, actor, lane: tools.lane, comment, mend });
  if (!mend) return null;
  await retryTask(tools, taskId, actor);
  return 'Ollan takes it up.';
}

async function canMend({ unitOfWork, modelFor }: DeskTools, taskId: string): Promise<boolean> {
  const task = await loadTask(unitOfWork, taskId);
  // Nobody writes a revert.
  return task !== null && task.reverts === null && (await modelFor(task.projectId, task.conversationId));
}
