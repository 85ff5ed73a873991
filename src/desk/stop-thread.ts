import { loadTask } from '#src/code-factory/run-pass.ts';
import { nextStep } from '#src/code-factory/task-status.ts';
import type { TaskStatus } from '#src/code-factory/task-status.ts';
import { FactoryError } from '#src/errors.ts';
import type { DeskAnswer, ThreadRef } from '#src/ports/chat.ts';
import type { DeskTools } from './desk-tools.ts';
import { stopTask } from './stop-task.ts';

/**
 * A person pressed the Stop of the surface itself in a thread, and is told what it came to. In a task's thread it stops
 * that task. In an idea's it stops every task of that idea that would go on by itself, those that wait for their turn as
 * well: else the next would begin. What waits for a person, or is paused, does not run, and is left as it is. A
 * project's channel is no one task, so nothing is stopped there.
 */
export async function stopThread(
  tools: DeskTools,
  { actor, thread }: { actor: string; thread: ThreadRef },
): Promise<DeskAnswer> {
  if (thread.kind === 'task') return stopOne(tools, actor, thread.id);
  const running = thread.kind === 'idea' ? await runningOf(tools, thread.id) : [];
  if (running.length === 0) return { ok: false, text: 'Nothing runs here, so nothing was stopped.' };
  const answers: DeskAnswer[] = [];
  // One after the other: a later one waits for an earlier one, and must not begin when that is over.
  for (const taskId of running.toReversed()) answers.unshift(await stopOne(tools, actor, taskId));
  return { ok: answers.every(({ ok }) => ok), text: answers.flatMap(({ text }) => text ?? []).join('\n') };
}

async function stopOne(tools: DeskTools, actor: string, taskId: string): Promise<DeskAnswer> {
  try {
    const left = await stopTask(tools, taskId, actor);
    const task = await loadTask(tools.unitOfWork, taskId);
    return { ok: true, text: left ?? `Task ${task?.number ?? ''} is stopped. Its story is in the backlog again.` };
  } catch (error) {
    if (error instanceof FactoryError) return { ok: false, text: `${error.message} ${error.fix}` };
    throw error;
  }
}

async function runningOf({ unitOfWork }: Pick<DeskTools, 'unitOfWork'>, conversationId: string): Promise<string[]> {
  const tasks = await unitOfWork.tables.find('story_tasks', { conversationId }, { orderBy: 'number' });
  return tasks.filter(({ state, paused }) => !paused && nextStep[state as TaskStatus] !== null).map(({ id }) => id);
}
