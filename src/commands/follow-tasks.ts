import { endedStatuses, hasEnded, nextStep } from '#src/code-factory/task-status.ts';
import type { TaskStatus } from '#src/code-factory/task-status.ts';
import { loadTask } from '#src/code-factory/run-pass.ts';
import { taskStream } from '#src/code-factory/task.ts';
import { FACTORY_LANE } from '#src/compose.ts';
import type { Workbench } from '#src/compose.ts';
import { FactoryError } from '#src/errors.ts';
import type { StoryTaskRow } from '#src/ledger/rows.ts';
import { approveTask } from '#src/review/review-task.ts';
import { alone } from './alone.ts';

const LOOK_EVERY_MS = 100;
/** A task that neither moves nor says why for so long is reported as it stands: longer than the longest check. */
const SILENCE_MS = 75 * 60_000;
/** The first silence after which tasks are woken again, should their wakes be lost; each further one is twice as long. */
const FIRST_NUDGE_MS = 5000;
/** How often a process that waits for another's work looks whether that one still lives. */
const LEASE_LOOK_MS = 1000;
/** How long the database may be away, such as for a restart, before that is an error. */
const AWAY_MS = 60_000;

/** Another task that is worked on, checks of the forge: to be waited for, not to be reported. */
const ENDS_BY_ITSELF: ReadonlySet<string> = new Set(['dependency', 'checks']);

type Worker = Awaited<ReturnType<Workbench['startWorker']>>;

export interface Following {
  conversationId: string;
  /** Who approves what comes to review; null leaves it to people. */
  approver: string | null;
  /** The lane of this process's own worker, should it work itself. */
  ownLane: string;
  /** Fires when the person wants to wait no longer. */
  stopped: AbortSignal;
}

/**
 * Works on a conversation's tasks, or waits while another process does, until each has ended or waits for somebody.
 * Approves on the way when it was told to. When the other process dies, this one takes over.
 */
export async function followTasks(
  workbench: Workbench,
  { conversationId, approver, ownLane, stopped }: Following,
): Promise<void> {
  const tasksNow = () => workbench.unitOfWork.tables.find('story_tasks', { conversationId }, { orderBy: 'number' });
  const taskIds = (await tasksNow()).map((task) => task.id);
  const work = () => workbench.startWorker(ownLane, { taskIds });
  let worker = (await workbench.isWorkedOn()) ? null : await work();
  const lane = () => (worker === null ? FACTORY_LANE : ownLane);
  if (worker === null) await wakeUnfinished(workbench, await tasksNow(), lane());

  const fences = new Map(
    await Promise.all(taskIds.map(async (id) => [id, (await loadTask(workbench.unitOfWork, id))?.fence ?? 0] as const)),
  );
  const refused = new Set<string>();
  /** Tasks whose waiting is the answer of a pass that began after this process did. */
  const tried = new Set<string>();
  let lastSeen = '';
  let lastChange = Date.now();
  let nudgeAfterMs = FIRST_NUDGE_MS;
  let leaseSeen = Date.now();
  let awaySince: number | null = null;

  /** One look; true when nothing is left to wait for. */
  const look = async (): Promise<boolean> => {
    if (worker === null && Date.now() - leaseSeen > LEASE_LOOK_MS) {
      leaseSeen = Date.now();
      if (!(await workbench.isWorkedOn())) worker = await work();
    }
    const tasks = await tasksNow();
    if (approver !== null) await approveWhatIsReady(workbench, tasks, approver, lane(), refused);
    const seen = tasks.map((task) => `${task.state} ${task.updatedAt}`).join();
    if (seen !== lastSeen) {
      [lastSeen, lastChange, nudgeAfterMs] = [seen, Date.now(), FIRST_NUDGE_MS];
    } else if (Date.now() - lastChange > nudgeAfterMs) {
      nudgeAfterMs *= 2;
      await wakeUnfinished(workbench, tasks, lane());
    }
    for (const task of tasks) {
      if (
        waitsItself(task) &&
        !tried.has(task.id) &&
        (await hasPassedSince(workbench, task.id, fences.get(task.id) ?? 0))
      )
        tried.add(task.id);
    }
    return tasks.every((task) => isSettled(task, tasks, { approver, refused, tried }));
  };

  try {
    while (!stopped.aborted && Date.now() - lastChange < SILENCE_MS) {
      try {
        if (await look()) return;
        awaySince = null;
      } catch (error) {
        if (!(error instanceof FactoryError) || !error.retryable) throw error;
        awaySince ??= Date.now();
        if (Date.now() - awaySince > AWAY_MS) throw error;
      }
      await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
    }
  } finally {
    if (worker !== null) await leaveLane(workbench, worker, ownLane);
  }
}

/** Two runs of one conversation share a lane, and only one at a time can clear it away. */
async function leaveLane(workbench: Workbench, worker: Worker, ownLane: string): Promise<void> {
  try {
    await alone(workbench, `lane:${ownLane}`, () => worker.stop({ forget: true }));
  } catch (error) {
    // What is left of a lane does no harm: the next run of this conversation uses it again.
    workbench.log.warn({ lane: ownLane, error: String(error) }, 'the lane could not be cleared away');
    await worker.stop({ forget: false });
  }
}

async function approveWhatIsReady(
  workbench: Workbench,
  tasks: readonly StoryTaskRow[],
  approver: string,
  lane: string,
  refused: Set<string>,
): Promise<void> {
  for (const task of tasks) {
    if (task.state !== 'in-review' || refused.has(askedOf(task))) continue;
    const pullRequest = (await workbench.unitOfWork.tables.find('pull_requests', { taskId: task.id }, { limit: 1 }))[0];
    if (pullRequest === undefined) continue;
    try {
      await approveTask(workbench.review, {
        taskId: task.id,
        actor: approver,
        lane,
        headSha: pullRequest.headSha,
        diffHash: pullRequest.diffHash,
      });
    } catch (error) {
      if (!(error instanceof FactoryError) || error.retryable) throw error;
      // Another process may have approved it a moment ago.
      if ((await workbench.unitOfWork.tables.get('story_tasks', task.id))?.state !== 'in-review') continue;
      refused.add(askedOf(task));
      process.stderr.write(`Task ${task.number}: ${error.message} ${error.fix}\n`);
    }
  }
}

/** A refusal holds for this very change; a new commit may be approved again. */
function askedOf(task: StoryTaskRow): string {
  return `${task.id} ${task.headSha}`;
}

/** It waits for something that the next pass looks at again, such as a sandbox or a clean clone. */
function waitsItself({ waitingKind, state }: StoryTaskRow): boolean {
  return waitingKind !== null && !ENDS_BY_ITSELF.has(waitingKind) && nextStep[state as TaskStatus] !== null;
}

/** True when a pass began after fence number `since`, and none is at work now. */
async function hasPassedSince({ unitOfWork }: Workbench, taskId: string, since: number): Promise<boolean> {
  const looked = await unitOfWork.withLock(taskStream(taskId), () => loadTask(unitOfWork, taskId));
  return looked.ran && (looked.value?.fence ?? 0) > since;
}

interface Settling {
  approver: string | null;
  refused: ReadonlySet<string>;
  tried: ReadonlySet<string>;
}

function isSettled(task: StoryTaskRow, all: readonly StoryTaskRow[], settling: Settling): boolean {
  if (hasEnded(task.state as TaskStatus) || task.paused || ['blocked', 'taken-over'].includes(task.state)) return true;
  if (task.state === 'in-review') return settling.approver === null || settling.refused.has(askedOf(task));
  if (task.waitingKind === 'dependency') {
    const needed = all.filter((other) => task.dependsOn.includes(other.id) && other.state !== 'merged');
    return needed.length > 0 && needed.every((other) => isSettled(other, all, settling));
  }
  return waitsItself(task) && settling.tried.has(task.id);
}

async function wakeUnfinished({ unitOfWork }: Workbench, tasks: readonly StoryTaskRow[], lane: string): Promise<void> {
  const due = tasks.filter(
    ({ state }) => !endedStatuses.includes(state as TaskStatus) && nextStep[state as TaskStatus] !== null,
  );
  if (due.length === 0) return;
  await unitOfWork.transact(async (transaction) => {
    for (const task of due) transaction.wake(lane, task.id);
  });
}
