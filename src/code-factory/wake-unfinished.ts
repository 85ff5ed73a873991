import type { UnitOfWork } from '#src/ports/unit-of-work.ts';
import { endedStatuses, nextStep, taskStatuses } from './task-status.ts';

/** Every task that has a step to do gets a wake, whatever became of the ones before. */
export async function wakeUnfinished(
  unitOfWork: UnitOfWork,
  lane: string,
  taskIds: readonly string[] | 'all',
): Promise<void> {
  const open = taskStatuses.filter((status) => !endedStatuses.includes(status) && nextStep[status] !== null);
  const tasks = await unitOfWork.tables.find('story_tasks', {
    state: open,
    ...(taskIds === 'all' ? {} : { id: taskIds }),
  });
  if (tasks.length === 0) return;
  await unitOfWork.transact(async (transaction) => {
    for (const task of tasks) transaction.wake(lane, task.id);
  });
}
