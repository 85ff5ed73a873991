import { FactoryError } from '#src/errors.ts';
import { jsonArtifact, contentOf } from '#src/ledger/artifact.ts';
import type { StoryTaskRow } from '#src/ledger/rows.ts';
import type { BlockerPacket } from '#src/packets/blocker.ts';
import type { Clock } from '#src/ports/clock.ts';
import type { Log } from '#src/ports/log.ts';
import type { WakeOutcome } from '#src/ports/queue.ts';
import { retryMoved } from '#src/ports/retry-moved.ts';
import type { UnitOfWork } from '#src/ports/unit-of-work.ts';
import { decideStep, startPass } from './decide.ts';
import type { StepMeta } from './decide.ts';
import { haltedError, wasHalted } from './halt.ts';
import type { Halt } from './halt.ts';
import { haltNow, requireGoing } from './halt-watch.ts';
import type { StopNotices } from './notice-stops.ts';
import { ownFault } from './own-fault.ts';
import type { OwnFault } from './own-fault.ts';
import type { LookAtReview, StepReport, Steps } from './step.ts';
import { hasEnded, nextStep } from './task-status.ts';
import type { StepName, TaskStatus } from './task-status.ts';
import { awaitsReopening, foldTask, taskStream } from './task.ts';
import type { Task } from './task.ts';
import { waitReport } from './wait-report.ts';

/**
 * A *pass* takes one task through as many steps as it can, under one fence. It holds the task's lock, so two passes
 * never work on it at once; and should the lock be lost unnoticed, the fence makes the older pass's results void.
 * Decision 0003 tells why this is one job and not a job a step.
 */
export interface PassDependencies {
  unitOfWork: UnitOfWork;
  steps: Steps;
  /** Left out: what is in review is only looked at when somebody decides. */
  lookAtReview?: LookAtReview;
  clock: Clock;
  log: Log;
  /** Where wakes of tasks that this one was holding up go. */
  lane: string;
  /** Fires when this process is shutting down. */
  shutdown: AbortSignal;
  /** Tells at once when this very process recorded a stop or a halt. */
  onStop?: StopNotices['onStop'];
  /** Is told of faults of the factory itself, before they block the task. */
  onOwnFault?: (fault: OwnFault) => Promise<void>;
}

/** How often a running step looks whether a person said stop, pause or halt, or took the work over, in another process. */
const STOP_POLL_MS = 250;
/** Tries of one step at a fault that may pass, with a growing wait between them. */
const STEP_TRIES = 3;
const STEP_RETRY_WAIT_MS = 300;
/** States in which a task does not get merged by itself, as one would say them. */
const STUCK: Readonly<Record<string, string>> = {
  blocked: 'is blocked',
  rejected: 'was rejected',
  cancelled: 'was stopped',
};
/** Codes that say: this pass no longer counts, and that is fine. */
const SUPERSEDED = new Set(['fenced', 'task-ended', 'task-paused', 'task-taken-over']);

export async function loadTask(unitOfWork: UnitOfWork, taskId: string): Promise<Task | null> {
  return foldTask(await unitOfWork.ledger.stream(taskStream(taskId)));
}

export async function runPass(taskId: string, dependencies: PassDependencies): Promise<WakeOutcome> {
  let isHalted = false;
  const locked = await dependencies.unitOfWork.withLock(taskStream(taskId), async () => {
    try {
      await advance(taskId, dependencies);
    } catch (error) {
      isHalted = wasHalted(error);
      if (!isHalted && !isSuperseded(error)) throw error;
    }
  });
  // A pass that ends with its process, or by a halt, has work left: the wake goes back, for whichever worker is next.
  return locked.ran && !isHalted && !dependencies.shutdown.aborted ? 'done' : 'busy';
}

function isSuperseded(error: unknown): boolean {
  return error instanceof FactoryError && SUPERSEDED.has(error.code);
}

async function advance(taskId: string, dependencies: PassDependencies): Promise<void> {
  const { unitOfWork, clock } = dependencies;
  await requireGoing(unitOfWork.ledger);
  let task = await loadTask(unitOfWork, taskId);
  if (task === null || task.paused) return;
  const seen = isLookedAfter(task) ? await lookAgain(task, dependencies) : null;
  if (seen === null && nextStep[task.status] === null) return;
  if (!(await dependenciesMerged(task, dependencies))) return;

  task = await commit(taskId, dependencies, (now) => startPass(now, factoryMeta(clock)));
  const fence = task.fence;
  if (seen !== null) task = await keepSeen(task, seen, dependencies);
  while (!dependencies.shutdown.aborted) {
    const due = nextStep[task.status];
    if (due === null || task.paused) return;
    await requireGoing(unitOfWork.ledger);
    const startedAt = clock.now();
    const report = await performStep(due.step, task, dependencies);
    if (report === null) return;
    const step: StepMeta = {
      fence,
      timing: { startedAt: startedAt.toISOString(), durationMs: clock.now().getTime() - startedAt.getTime() },
    };
    const before: Task = task;
    task = await keep(due.step, before, report, step, dependencies);
    if (task.status === before.status && task.attempt === before.attempt) return;
  }
}

/** People may do something to its pull request that changes what is asked of them here. */
function isLookedAfter(task: Task): boolean {
  return task.status === 'in-review' || awaitsReopening(task);
}

/** A look that finds nothing is no fact; one that fails is done again with the next wake. */
async function lookAgain(task: Task, dependencies: PassDependencies): Promise<StepReport | null> {
  const { unitOfWork, clock, log, shutdown, lookAtReview } = dependencies;
  if (lookAtReview === undefined) return null;
  try {
    return await lookAtReview({
      task,
      signal: shutdown,
      startedAt: clock.now().toISOString(),
      artifact: async (hash) => readArtifact(unitOfWork, hash),
    });
  } catch (error) {
    log.info({ taskId: task.taskId, error: String(error) }, 'could not look after a task in review; it is tried again');
    return null;
  }
}

/** Whoever decided meanwhile goes first: their yes is held against what is on the forge before anything is merged. */
function keepSeen(task: Task, seen: StepReport, dependencies: PassDependencies): Promise<Task> {
  const meta = factoryMeta(dependencies.clock);
  const step: StepMeta = { fence: task.fence, timing: { startedAt: meta.at, durationMs: 0 } };
  const decide = (now: Task) => (isLookedAfter(now) && !now.paused ? seen.decide(now, step, meta) : []);
  return commit(task.taskId, dependencies, decide, seen);
}

/** Records what a step made. What the store will never take becomes a blocker: trying again would only hide it. */
async function keep(
  name: StepName,
  task: Task,
  report: StepReport,
  step: StepMeta,
  dependencies: PassDependencies,
): Promise<Task> {
  const record = (made: StepReport) =>
    commit(task.taskId, dependencies, (now) => made.decide(now, step, factoryMeta(dependencies.clock)), made);
  try {
    return await record(report);
  } catch (error) {
    const mayPass =
      error instanceof FactoryError && (error.retryable || SUPERSEDED.has(error.code) || wasHalted(error));
    if (mayPass) throw error;
    dependencies.log.warn({ taskId: task.taskId, step: name, error: String(error) }, 'a result could not be kept');
    return record(await blockerReport(name, task, error, dependencies));
  }
}

function factoryMeta(clock: Clock) {
  return { actor: 'factory', at: clock.now().toISOString(), cause: null };
}

/** Runs one step; a fault becomes a BlockerPacket that a person can read. `null`: a person stopped or paused it. Throws FactoryError `factory-halted`. */
async function performStep(name: StepName, task: Task, dependencies: PassDependencies): Promise<StepReport | null> {
  const { unitOfWork, steps, clock, log, shutdown, onStop } = dependencies;
  const stopped = new AbortController();
  const cut = (halt: Halt | null): void => stopped.abort(halt === null ? undefined : haltedError(halt));
  const unlisten = onStop?.(task.taskId, cut);
  const poll = setInterval(() => {
    Promise.all([unitOfWork.tables.get('story_tasks', task.taskId), haltNow(unitOfWork.ledger)])
      .then(([row, halted]) => {
        if (halted !== null) cut(halted);
        else if (row === null || row.paused || row.state === 'cancelled' || row.state === 'taken-over') cut(null);
      })
      .catch((error: unknown) =>
        log.warn({ taskId: task.taskId, error: String(error) }, 'could not look whether to stop'),
      );
  }, STOP_POLL_MS);
  const signal = AbortSignal.any([stopped.signal, shutdown]);
  try {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await steps[name]({
          task,
          signal,
          startedAt: clock.now().toISOString(),
          artifact: async (hash) => readArtifact(unitOfWork, hash),
        });
      } catch (error) {
        if (wasHalted(stopped.signal.reason)) throw stopped.signal.reason;
        if (signal.aborted) return null;
        if (wasHalted(error) || isSuperseded(error)) throw error;
        const facts = { taskId: task.taskId, step: name, attempt, error: String(error) };
        // What is foreseen is told on the task's card; the log is for the rest.
        if (error instanceof FactoryError) log.info(facts, 'a step failed');
        else log.warn(facts, 'a step failed');
        const mayPass = error instanceof FactoryError && error.retryable;
        const isLast = !mayPass || attempt === STEP_TRIES;
        const wait = waitReport(error, isLast);
        if (wait !== null) return wait;
        if (isLast) return await blockerReport(name, task, error, dependencies);
        await new Promise((resolve) => setTimeout(resolve, STEP_RETRY_WAIT_MS * attempt));
        if (wasHalted(stopped.signal.reason)) throw stopped.signal.reason;
        if (signal.aborted) return null;
      }
    }
  } finally {
    clearInterval(poll);
    unlisten?.();
  }
}

async function readArtifact(unitOfWork: UnitOfWork, hash: string): Promise<unknown> {
  const artifact = await unitOfWork.artifacts.get(hash);
  if (artifact === null) {
    throw new FactoryError('artifact-erased', 'What this step needs was erased.', {
      fix: 'Stop the task and commit its story again.',
    });
  }
  return contentOf(artifact);
}

async function blockerReport(
  name: StepName,
  task: Task,
  error: unknown,
  { onOwnFault, log }: PassDependencies,
): Promise<StepReport> {
  const known = error instanceof FactoryError;
  const from = nextStep[task.status]?.agent ?? 'tess';
  const fault = ownFault(error, name, from);
  if (fault !== null) {
    await onOwnFault?.(fault).catch((why: unknown) =>
      log.warn(
        { code: fault.code, step: name, error: String(why) },
        'a fault of the factory could not be written down',
      ),
    );
  }
  const packet: BlockerPacket = {
    version: 1,
    type: 'blocker',
    taskId: task.taskId,
    runId: task.run?.runId ?? task.taskId,
    attempt: task.attempt,
    from,
    to: 'person',
    code: known ? error.code : 'unexpected',
    reason: known
      ? error.message
      : `The step "${name}" failed in a way nobody foresaw: ${error instanceof Error ? error.message : String(error)}`,
    fix: known ? error.fix : 'Retry once; if it happens again, report it with the log.',
    findings: [],
    ...(fault === null ? {} : { about: 'factory' }),
  };
  const artifact = jsonArtifact('packet', packet);
  return {
    artifacts: [artifact],
    decide: (now, step, meta) =>
      decideStep(
        { type: 'block', code: packet.code, artifact: artifact.hash, waitsFor: now.requester },
        now,
        step,
        meta,
      ),
  };
}

/** A task whose code builds on another's waits until that one is merged, and says so. */
async function dependenciesMerged(task: Task, dependencies: PassDependencies): Promise<boolean> {
  if (task.status !== 'ready' || task.dependsOn.length === 0) return true;
  const rows = await dependencies.unitOfWork.tables.find('story_tasks', { id: task.dependsOn });
  const open = rows.filter((row) => row.state !== 'merged');
  if (open.length === 0) return true;
  const { who, text } = whatHoldsUp(task, open);
  if (task.waiting?.text === text) return false;
  await commit(task.taskId, dependencies, (now) => {
    const meta = factoryMeta(dependencies.clock);
    return decideStep(
      { type: 'wait', kind: 'dependency', who, text },
      now,
      { fence: now.fence, timing: { startedAt: meta.at, durationMs: 0 } },
      meta,
    );
  });
  return false;
}

/** What is merged sooner or later holds it up by itself; what never will be needs the person who committed the story. */
function whatHoldsUp(task: Task, open: readonly StoryTaskRow[]): { who: string; text: string } {
  const name = (row: StoryTaskRow) => `task ${row.number}`;
  const who = open.map(name).join(', ');
  const stuck = open.filter((row) => row.state in STUCK);
  if (stuck.length === 0) {
    return { who, text: `Builds on ${open.map(name).join(' and ')} and starts when that is merged.` };
  }
  const text = `Builds on ${stuck.map((row) => `${name(row)}, which ${STUCK[row.state]}`).join(', and on ')}.`;
  if (!stuck.some((row) => hasEnded(row.state as TaskStatus))) return { who, text };
  return { who: task.requester, text: `${text} Stop this task too, or commit both stories again.` };
}

/** Loads, decides, commits; when the stream moved meanwhile it decides again on what is there now. */
async function commit(
  taskId: string,
  { unitOfWork, lane }: PassDependencies,
  decide: (task: Task) => ReturnType<typeof startPass>,
  report?: StepReport,
): Promise<Task> {
  return retryMoved(() =>
    unitOfWork.transact(async (transaction) => {
      await requireGoing(transaction);
      const stream = taskStream(taskId);
      const task = foldTask(await transaction.events(stream));
      if (task === null)
        throw new FactoryError('no-such-task', `There is no task ${taskId}.`, {
          fix: 'Look at the backlog for the tasks that exist.',
        });
      for (const artifact of report?.artifacts ?? []) transaction.putArtifact(artifact);
      transaction.append(stream, task.position, decide(task));
      const after = foldTask(await transaction.events(stream)) ?? task;
      if (after.status !== task.status && (after.status === 'merged' || after.status in STUCK)) {
        await wakeDependents(after, transaction, lane);
      }
      return after;
    }),
  );
}

async function wakeDependents(
  task: Task,
  transaction: Parameters<Parameters<UnitOfWork['transact']>[0]>[0],
  lane: string,
): Promise<void> {
  const waiting = await transaction.tables.find('story_tasks', { projectId: task.projectId, state: 'ready' });
  for (const row of waiting) if (row.dependsOn.includes(task.taskId)) transaction.wake(lane, row.id);
}
