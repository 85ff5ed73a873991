import { FactoryError } from '#src/errors.ts';
import type { Artifact } from '#src/ledger/artifact.ts';
import type { EventDraft } from '#src/ledger/event.ts';
import type { Clock } from '#src/ports/clock.ts';
import { retryMoved } from '#src/ports/retry-moved.ts';
import type { UnitOfWork } from '#src/ports/unit-of-work.ts';
import type { DecisionMeta } from './decide.ts';
import { decidePerson } from './decide-person.ts';
import type { PersonCommand } from './decide-person.ts';
import { foldTask, taskStream } from './task.ts';
import type { Task } from './task.ts';

export interface TaskDecision {
  taskId: string;
  actor: string;
  lane: string;
  artifacts?: readonly Artifact[];
  /** false: nothing became possible that was not before. */
  wakes?: boolean;
  decide: (task: Task, meta: DecisionMeta) => EventDraft[];
}

/** Loads a task, decides, commits and wakes it; decides again when the task moved meanwhile. Returns what it became. */
export async function decideOnTask(
  { unitOfWork, clock }: { unitOfWork: UnitOfWork; clock: Clock },
  decision: TaskDecision,
): Promise<Task> {
  const stream = taskStream(decision.taskId);
  return retryMoved(() =>
    unitOfWork.transact(async (transaction) => {
      const task = foldTask(await transaction.events(stream));
      if (task === null) {
        throw new FactoryError('no-such-task', 'This task is not here any more.', {
          fix: 'Look at the backlog for the tasks that exist.',
        });
      }
      for (const artifact of decision.artifacts ?? []) transaction.putArtifact(artifact);
      transaction.append(
        stream,
        task.position,
        decision.decide(task, { actor: decision.actor, at: clock.now().toISOString(), cause: null }),
      );
      if (decision.wakes === false) return foldTask(await transaction.events(stream)) ?? task;
      transaction.wake(decision.lane, task.taskId);
      for (const row of await transaction.tables.find('story_tasks', { projectId: task.projectId, state: 'ready' })) {
        if (row.dependsOn.includes(task.taskId)) transaction.wake(decision.lane, row.id);
      }
      return foldTask(await transaction.events(stream)) ?? task;
    }),
  );
}

/** Whatever a person asks of a task. Throws FactoryError when its state has no room for that. */
export function controlTask(
  dependencies: { unitOfWork: UnitOfWork; clock: Clock },
  request: { taskId: string; actor: string; lane: string; command: PersonCommand } & Pick<
    TaskDecision,
    'artifacts' | 'wakes'
  >,
): Promise<Task> {
  const { command, ...rest } = request;
  return decideOnTask(dependencies, { ...rest, decide: (task, meta) => decidePerson(command, task, meta) });
}
