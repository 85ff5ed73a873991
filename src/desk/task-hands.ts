import { checkoutCommands, handBackAdvice, handBackTask, takeOverTask } from '#src/code-factory/take-over.ts';
import { isEvent } from '#src/ledger/event.ts';
import type { DeskTools } from './desk-tools.ts';

/** Gives a task's branch to a person; the answer holds the exact commands to check it out. */
export async function giveToPerson(tools: DeskTools, taskId: string, actor: string): Promise<string> {
  const { unitOfWork, lane } = tools;
  const task = await takeOverTask(tools, { taskId, actor, lane });
  const repo = await unitOfWork.tables.get('git_repos', task.repoId);
  const taken = (await unitOfWork.ledger.stream(`task:${taskId}`)).findLast((event) =>
    isEvent(event, 'task.taken-over'),
  );
  const checkout = taken?.body.checkout ?? 'remote';
  const facts = { path: repo?.path ?? '', branch: task.branch?.name ?? '', number: task.number };
  const commands = checkoutCommands(checkout, facts).map((command) => `\`${command}\``);
  return `The branch is yours: ${commands.join(', then ')}. ${handBackAdvice(checkout)}`;
}

/** Takes a task's branch back from a person. */
export async function takeFromPerson(tools: DeskTools, taskId: string, actor: string): Promise<string> {
  const task = await handBackTask(tools, { taskId, actor, lane: tools.lane });
  return task.handedBack === null
    ? `There is nothing new on the branch, so task ${task.number} goes on as before.`
    : `Thank you. The team goes on from ${task.handedBack.headSha.slice(0, 7)}, and the checks decide on it.`;
}
