import { FactoryError } from '#src/errors.ts';
import type { EventDraft } from '#src/ledger/event.ts';
import type { EventBodies, EventType } from '#src/ledger/event-types.ts';
import { hasEnded, MAX_ATTEMPTS, nextStep } from './task-status.ts';
import type { StepName } from './task-status.ts';
import type { Task } from './task.ts';

/** Who decided it, when, and in answer to what. */
export interface DecisionMeta {
  actor: string;
  /** ISO 8601 UTC. */
  at: string;
  cause: string | null;
}

/** A step's own circumstances: the pass it ran under and how long it took. */
export interface StepMeta {
  fence: number;
  timing: { startedAt: string; durationMs: number };
}

type CheckRuns = EventBodies['qa.passed']['checks'];

/** What a step reports. Each is only taken in the state that calls for that step. */
export type StepCommand =
  | { type: 'claim'; runId: string }
  | { type: 'record-branch'; branchId: string; name: string; baseSha: string }
  | { type: 'record-assignment'; artifact: string }
  | { type: 'record-scope'; artifact: string }
  | { type: 'record-plan'; artifact: string }
  | {
      type: 'record-lock';
      artifact: string;
      testsSha: string | null;
      redOnBase: boolean | null;
      baseline: CheckRuns | null;
    }
  | { type: 'record-build'; artifact: string; headSha: string }
  | { type: 'record-verdict'; artifact: string; outcome: 'passed' | 'failed' | 'no-checks'; checks: CheckRuns }
  /** Only a failure is a verdict: checks of the forge that pass add nothing to what is proven. */
  | { type: 'record-forge-failure'; artifact: string; checks: CheckRuns }
  | { type: 'block'; code: string; artifact: string; waitsFor: string }
  | {
      type: 'wait';
      kind: EventBodies['task.waiting']['kind'];
      who: string;
      text: string;
      /** Which budget is used up; with the kind `budget`. */
      budget?: EventBodies['task.waiting']['budget'];
    };

const stepOf: Partial<Record<StepCommand['type'], StepName>> = {
  claim: 'claim',
  'record-branch': 'branch',
  'record-assignment': 'assign',
  'record-scope': 'scope',
  'record-plan': 'plan',
  'record-lock': 'lock',
  'record-build': 'build',
  'record-verdict': 'check',
  'record-forge-failure': 'open',
};

/** The refusal that every transition which is not in the table gets. */
export function refuse(code: string, message: string, fix: string): never {
  throw new FactoryError(code, message, { fix });
}

function refuseOwnFault(code: string, message: string): never {
  const fix = 'This is a fault of the workbench; the task keeps its state.';
  throw new FactoryError(code, message, { fix, isOwnFault: true });
}

/** An event of this task, with the fields that all of them share. */
export function taskEvent<T extends EventType>(
  task: Task,
  meta: DecisionMeta,
  type: T,
  body: EventBodies[T],
  options: { agent?: string | null; artifact?: string | null; runId?: string | null } = {},
): EventDraft<T> {
  return {
    type,
    body,
    actor: meta.actor,
    agent: options.agent ?? null,
    taskId: task.taskId,
    runId: options.runId ?? task.run?.runId ?? null,
    artifact: options.artifact ?? null,
    cause: meta.cause,
    idempotencyKey: null,
    at: meta.at,
  };
}

/** What the end of a task says besides, where the task takes another one back. */
export function revertOf({ reverts }: Task): { reverts?: NonNullable<Task['reverts']>['chain'] } {
  return reverts === null ? {} : { reverts: reverts.chain };
}

/** A worker takes the task up: every result under an older fence is refused from here on. */
export function startPass(task: Task, meta: DecisionMeta): EventDraft[] {
  if (hasEnded(task.status))
    refuse('task-ended', `Task ${task.number} is ${task.status}.`, 'Nothing is left to do on it.');
  if (task.status === 'taken-over')
    refuse('task-taken-over', `A person works on task ${task.number} now.`, 'It goes on when the task is handed back.');
  return [taskEvent(task, meta, 'pass.started', { taskId: task.taskId, fence: task.fence + 1 })];
}

/** Checks that a result may still count: same pass, not ended, not paused, in nobody's hands. */
export function requireFence(task: Task, step: Pick<StepMeta, 'fence'>): void {
  if (hasEnded(task.status))
    refuse(
      'task-ended',
      `Task ${task.number} is ${task.status}; the result was dropped.`,
      'Nothing is left to do on it.',
    );
  if (task.status === 'taken-over')
    refuse(
      'task-taken-over',
      `A person works on task ${task.number} now; the result was dropped.`,
      'It goes on when the task is handed back.',
    );
  if (task.fence !== step.fence) {
    refuse(
      'fenced',
      `Another pass took task ${task.number} up; the result was dropped.`,
      'The newer pass does the step again.',
    );
  }
  if (task.paused) refuse('task-paused', `Task ${task.number} is paused; the result was dropped.`, 'Resume the task.');
}

/** What a step's report makes of the task. Throws FactoryError for every transition that the state does not call for. */
export function decideStep(command: StepCommand, task: Task, step: StepMeta, meta: DecisionMeta): EventDraft[] {
  requireFence(task, step);
  const due = nextStep[task.status];
  const reported = stepOf[command.type];
  if (due === null || (reported !== undefined && reported !== due.step)) {
    refuseOwnFault(
      'refused-transition',
      `Task ${task.number} is ${task.status}, which does not call for ${reported ?? command.type}.`,
    );
  }
  const common = { taskId: task.taskId, attempt: task.attempt, timing: step.timing };
  const agent = due.agent;

  if (command.type === 'claim') {
    const body = { ...common, runId: command.runId, runNumber: (task.run?.number ?? 0) + 1 };
    return [taskEvent(task, meta, 'task.claimed', body, { agent, runId: command.runId })];
  }
  if (command.type === 'wait') {
    const { kind, who, text, budget } = command;
    if (task.waiting?.kind === kind && task.waiting.text === text) return [];
    const body = { taskId: task.taskId, kind, who, text, ...(budget === undefined ? {} : { budget }) };
    return [taskEvent(task, meta, 'task.waiting', body, { agent })];
  }
  if (command.type === 'block') return [blocked(task, meta, command.code, command.artifact, command.waitsFor, agent)];

  return recordResult(command, task, { ...common, runId: requireRun(task) }, agent, meta);
}

type ResultCommand = Exclude<StepCommand, { type: 'claim' | 'wait' | 'block' }>;
type OfRun = { taskId: string; runId: string; attempt: number; timing: StepMeta['timing'] };

function recordResult(
  command: ResultCommand,
  task: Task,
  ofRun: OfRun,
  agent: string,
  meta: DecisionMeta,
): EventDraft[] {
  switch (command.type) {
    case 'record-branch': {
      const { branchId, name, baseSha } = command;
      return [
        taskEvent(task, meta, 'branch.created', { ...ofRun, branchId, repoId: task.repoId, name, baseSha }, { agent }),
      ];
    }
    case 'record-assignment':
      return [taskEvent(task, meta, 'assignment.dispatched', ofRun, { agent, artifact: command.artifact })];
    case 'record-scope':
      return [taskEvent(task, meta, 'scope.clarified', ofRun, { agent, artifact: command.artifact })];
    case 'record-plan':
      return [taskEvent(task, meta, 'plan.generated', ofRun, { agent, artifact: command.artifact })];
    case 'record-lock': {
      const { testsSha, redOnBase, baseline } = command;
      return [
        taskEvent(
          task,
          meta,
          'behaviour.locked',
          { ...ofRun, testsSha, redOnBase, baseline },
          { agent, artifact: command.artifact },
        ),
      ];
    }
    case 'record-build': {
      const body = { ...ofRun, branchId: task.branch?.branchId ?? '', headSha: command.headSha };
      return [taskEvent(task, meta, 'code.generated', body, { agent, artifact: command.artifact })];
    }
    case 'record-verdict':
      return verdict(command, task, ofRun, meta);
    case 'record-forge-failure':
      return verdict({ ...command, outcome: 'failed' }, task, ofRun, meta);
  }
}

function verdict(
  command: Pick<Extract<StepCommand, { type: 'record-verdict' }>, 'artifact' | 'outcome' | 'checks'>,
  task: Task,
  ofRun: OfRun,
  meta: DecisionMeta,
): EventDraft[] {
  const body = { ...ofRun, featureId: task.featureId, outcome: command.outcome, checks: command.checks };
  const options = { agent: 'vera', artifact: command.artifact };
  if (command.outcome !== 'failed') return [taskEvent(task, meta, 'qa.passed', body, options)];
  const failed = taskEvent(task, meta, 'qa.failed', body, options);
  if (task.attempt < MAX_ATTEMPTS) {
    return [
      failed,
      taskEvent(
        task,
        meta,
        'retry.scheduled',
        { taskId: task.taskId, runId: ofRun.runId, attempt: task.attempt + 1 },
        { agent: 'tess' },
      ),
    ];
  }
  return [failed, blocked(task, meta, 'attempts-used-up', command.artifact, task.requester, 'tess')];
}

/** The task stops until a person decides. `artifact` is the BlockerPacket, or the verdict that used up the attempts. */
export function blocked(
  task: Task,
  meta: DecisionMeta,
  code: string,
  artifact: string,
  waitsFor: string,
  agent: string,
): EventDraft {
  return taskEvent(
    task,
    meta,
    'task.blocked',
    {
      taskId: task.taskId,
      runId: task.run?.runId ?? null,
      code,
      waitsFor,
      approvalId: task.approval?.approvalId ?? null,
    },
    { agent, artifact },
  );
}

function requireRun(task: Task): string {
  return task.run?.runId ?? refuseOwnFault('no-run', `Task ${task.number} has no run.`);
}
