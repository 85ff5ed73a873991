import { controlTask } from '#src/code-factory/control-task.ts';
import { loadTask } from '#src/code-factory/run-pass.ts';
import type { Task } from '#src/code-factory/task.ts';
import { FactoryError } from '#src/errors.ts';
import { raiseBudget } from '#src/model-calls/raise-budget.ts';
import { waitForLock } from '#src/ports/wait-for-lock.ts';
import type { DeskTools } from './desk-tools.ts';

type Budget = NonNullable<NonNullable<Task['waiting']>['budget']>;

/**
 * A person allows as much again, once for each time that it was asked. `budget` null: whichever the task waits for.
 * Throws FactoryError `not-waiting` when it waits for none, or not for this one any more.
 */
export async function allowBudget(
  tools: DeskTools,
  { taskId, actor, budget }: { taskId: string; actor: string; budget: Budget | null },
): Promise<void> {
  const { unitOfWork, lane } = tools;
  const awaited = (await loadTask(unitOfWork, taskId))?.waiting?.budget ?? null;
  const wanted = budget ?? awaited ?? notWaiting();
  // Of two presses at once, the second finds the wait lifted.
  await waitForLock(unitOfWork, `budget:${wanted.scope}:${wanted.key}`, async () => {
    const now = (await loadTask(unitOfWork, taskId))?.waiting ?? null;
    if (now?.kind !== 'budget' || !isSame(now.budget, wanted)) notWaiting();
    await raiseBudget(tools, { taskId, scope: wanted.scope, key: wanted.key, actor, lane });
    const command = { type: 'go-on', budget: wanted } as const;
    for (const waiting of await waitingFor(tools, taskId, wanted)) {
      await controlTask(tools, { taskId: waiting, actor, lane, command });
    }
  });
}

/** The task itself, and others that the same budget holds up, as that of a day does. */
async function waitingFor({ unitOfWork }: Pick<DeskTools, 'unitOfWork'>, taskId: string, budget: Budget) {
  if (budget.scope !== 'day') return [taskId];
  const rows = await unitOfWork.tables.find('story_tasks', { waitingKind: 'budget' });
  const ids: string[] = [];
  for (const { id } of rows) {
    if (isSame((await loadTask(unitOfWork, id))?.waiting?.budget ?? null, budget)) ids.push(id);
  }
  return ids;
}

function isSame(one: Budget | null, other: Budget): boolean {
  return one?.scope === other.scope && one.key === other.key;
}

function notWaiting(): never {
  throw new FactoryError('not-waiting', 'This task does not wait for a budget now.', {
    fix: 'Its status card says what it waits for.',
  });
}
