import { REVERT_POINTS, writeRevertBrief } from '#src/backlog/revert-brief.ts';
import { sprintToCommitInto } from '#src/backlog/run-sprint.ts';
import { hasEnded } from '#src/code-factory/task-status.ts';
import type { TaskStatus } from '#src/code-factory/task-status.ts';
import { foldTask, taskStream } from '#src/code-factory/task.ts';
import type { Task } from '#src/code-factory/task.ts';
import { FactoryError } from '#src/errors.ts';
import { jsonArtifact } from '#src/ledger/artifact.ts';
import type { Artifact } from '#src/ledger/artifact.ts';
import { factBy } from '#src/ledger/fact-by.ts';
import { retryMoved } from '#src/ports/retry-moved.ts';
import type { Transaction } from '#src/ports/unit-of-work.ts';
import { waitForLock } from '#src/ports/wait-for-lock.ts';
import { decideRevert, revertsOf } from './decide-revert.ts';
import type { RevertCommand } from './decide-revert.ts';
import type { ReviewDependencies } from './review-task.ts';
import type { ApprovalRights } from './rights.ts';

type Tools = Pick<ReviewDependencies, 'unitOfWork' | 'clock' | 'ids' | 'rightsFor'>;

interface Ask {
  taskId: string;
  actor: string;
  lane: string;
}

export interface OpenedRevert {
  taskId: string;
  number: number;
}

/**
 * Opens a task that takes a merged one back, on the same line as every other. However many ask at once, there is one.
 * FactoryError: `not-merged`, `revert-under-way`, `already-reverted`, or who may not.
 */
export async function openRevert(tools: Tools, ask: Ask): Promise<OpenedRevert> {
  const { unitOfWork } = tools;
  const task = foldTask(await unitOfWork.ledger.stream(taskStream(ask.taskId)));
  if (task === null) throw gone();
  const rights = await tools.rightsFor(task);
  // Numbers count within the project, and its sprint may have to be opened.
  return waitForLock(unitOfWork, `project:${task.projectId}`, () =>
    retryMoved(() => unitOfWork.transact((transaction) => openWithin(transaction, tools, { ...ask, rights }))),
  );
}

async function openWithin(
  transaction: Transaction,
  { unitOfWork, clock, ids }: Tools,
  { taskId, actor, lane, rights }: Ask & { rights: ApprovalRights },
): Promise<OpenedRevert> {
  const stream = taskStream(taskId);
  const task = foldTask(await transaction.events(stream));
  if (task === null) throw gone();
  const at = clock.now().toISOString();
  const revertTaskId = ids.next();
  const earlier = await takenBackBy(transaction, taskId);
  const opened = decideRevert({ actor, rights, revertTaskId, earlier }, task, { actor, at, cause: null });

  const { projectId, conversationId, storyId, repoId } = task;
  const goal = (await unitOfWork.conversations.get(conversationId))?.title ?? 'Take back what was merged';
  const brief = await briefOf(transaction, task, goal);
  const sprintId = await sprintToCommitInto(transaction, { clock, ids }, { projectId, goal, actor });
  const [newest] = await transaction.tables.find('story_tasks', { projectId }, { orderBy: '-number', limit: 1 });
  const number = (newest?.number ?? 0) + 1;
  const { chain: reverts, landed } = revertsOf(task);
  transaction.putArtifact(brief);
  transaction.append(stream, task.position, [opened]);
  transaction.append(taskStream(revertTaskId), 0, [
    {
      ...factBy(actor, at),
      type: 'revert.committed',
      taskId: revertTaskId,
      artifact: brief.hash,
      body: {
        ...{
          taskId: revertTaskId,
          projectId,
          conversationId,
          storyId,
          sprintId,
          featureId: ids.next(),
          repoId,
          number,
        },
        ...{ points: REVERT_POINTS, dependsOn: [], requester: actor, reverts, landed },
      },
    },
  ]);
  transaction.wake(lane, revertTaskId);
  return { taskId: revertTaskId, number };
}

/** What takes a task back, or did so and still stands. */
async function takenBackBy({ tables }: Transaction, taskId: string): Promise<RevertCommand['earlier']> {
  const [task, tries] = [
    await tables.get('story_tasks', taskId),
    await tables.find('story_tasks', { reverts: taskId }),
  ];
  for (const { id, number, state } of tries) {
    if (!hasEnded(state as TaskStatus)) return { number, state: 'open' };
    if (task?.revertedBy === id) return { number, state: 'merged' };
  }
  return null;
}

/** Titles are read from the rows: they are gone there once the words are erased. */
async function briefOf({ tables }: Transaction, task: Task, conversationTitle: string): Promise<Artifact> {
  const { landed, chain } = revertsOf(task);
  const row = await tables.get('story_tasks', task.taskId);
  const inner = chain.length % 2 === 0 ? await tables.get('story_tasks', chain.at(-1)?.taskId ?? '') : null;
  return jsonArtifact(
    'task-brief',
    writeRevertBrief({
      conversationId: task.conversationId,
      conversationTitle,
      reverted: { number: task.number, title: row?.title ?? `task ${task.number}`, mergedSha: landed.mergedSha },
      restored: inner === null ? null : { number: inner.number, title: inner.title },
    }),
  );
}

function gone(): FactoryError {
  return new FactoryError('no-such-task', 'This task is not here any more.', {
    fix: 'Look at the backlog for the tasks that exist.',
  });
}
