import { isEvent } from '#src/ledger/event.ts';
import type { RecordedEvent } from '#src/ledger/event.ts';
import { holderAfter } from './holders.ts';
import type { Holder } from './holders.ts';
import { stepOf } from './steps.ts';

/** One step as it was taken. Times in ms. */
export interface StepTaken {
  step: string;
  persona: string;
  attempt: number;
  /** ISO 8601 UTC. */
  endedAt: string;
  workMs: number;
  /** How long it was due before somebody began. What the task waited for meanwhile is not counted here. */
  queueMs: number;
  seq: number;
}

/** A time in which the task stood with people, or waited for something outside the line. */
export interface Stand {
  holder: Exclude<Holder, 'line'>;
  /** `review`, `blocked`, `taken-over`, `paused`, or the kind of a wait. */
  why: string;
  ms: number;
}

/** A verdict on a build, of Vera or of the forge's own checks. */
export interface Verdict {
  outcome: 'passed' | 'failed' | 'no-checks';
  attempt: number;
  run: number;
  at: string;
  seq: number;
  /** The QaResultPacket. */
  artifact: string | null;
}

/** A state of the branch that checks could judge. */
export interface Build {
  run: number;
  attempt: number;
  /** The BuildResultPacket. */
  artifact: string | null;
}

/** What a person did to a task. */
export interface Touch {
  kind:
    | 'approved'
    | 'asked-for-changes'
    | 'rejected'
    | 'retried'
    | 'steered'
    | 'took-over'
    | 'merged-by-hand'
    | 'stopped';
  actor: string;
  at: string;
  seq: number;
}

/** One task's life, as far as its own events tell. Nothing in it is text of people or files. */
export interface TaskHistory {
  taskId: string;
  projectId: string;
  conversationId: string;
  repoId: string;
  number: number;
  points: number;
  requester: string;
  /** The merged task that it takes back; null: it is a story's own. */
  reverts: string | null;
  /** The project let it begin; no person pressed for it. */
  beganByItself: boolean;
  committedAt: string;
  run: number;
  /** Artifact of its first PlanPacket: what it was to touch, before anybody knew how it would go. */
  planArtifact: string | null;
  /** When a model was first asked, ISO 8601 UTC; null: none was. */
  modelAskedAt: string | null;
  steps: StepTaken[];
  stands: Stand[];
  builds: Build[];
  verdicts: Verdict[];
  blocked: { code: string; at: string; seq: number; artifact: string | null }[];
  touches: Touch[];
  /** When its pull request first stood there. */
  openedAt: string | null;
  endedAt: string | null;
  outcome: 'merged' | 'rejected' | 'cancelled' | null;
  costMicroUsd: number;
  tokens: number;
  /** Steps that ended before they began, by the clock of the machine. Their times count as 0. */
  clockJumps: number;
  /** Who has the task now, since when and why. */
  now: { holder: Holder; since: string; why: string };
  /** Of the event that ended it. */
  endedSeq: number | null;
}

const TOUCHES = {
  'approval.granted': 'approved',
  'changes.requested': 'asked-for-changes',
  'pull-request.rejected': 'rejected',
  'task.retried': 'retried',
  'steering.given': 'steered',
  'task.taken-over': 'took-over',
  'pull-request.merged-by-hand': 'merged-by-hand',
  'task.cancelled': 'stopped',
} as const satisfies Partial<Record<RecordedEvent['type'], Touch['kind']>>;

/** The history that a task's first event begins; null: this event begins none. */
export function beginHistory(event: RecordedEvent): TaskHistory | null {
  const isRevert = isEvent(event, 'revert.committed');
  if (!isRevert && !isEvent(event, 'story.committed')) return null;
  const { taskId, projectId, conversationId, repoId, number, points, requester } = event.body;
  return {
    ...{ taskId, projectId, conversationId, repoId, number, points, requester },
    reverts: isRevert ? (event.body.reverts[0]?.taskId ?? null) : null,
    beganByItself: !isRevert && event.body.begunBy === 'label',
    committedAt: event.at,
    run: 0,
    planArtifact: null,
    builds: [],
    modelAskedAt: null,
    ...{ steps: [], stands: [], verdicts: [], blocked: [], touches: [] },
    ...{ openedAt: null, endedAt: null, outcome: null },
    ...{ costMicroUsd: 0, tokens: 0, clockJumps: 0 },
    now: { holder: 'line', since: event.at, why: 'committed' },
    endedSeq: null,
  };
}

/** Takes the next event of the task in. Changes `history`: a ledger may hold a million of them. */
export function takeEvent(history: TaskHistory, event: RecordedEvent): void {
  if (isEvent(event, 'task.claimed')) history.run = event.body.runNumber;
  if (isEvent(event, 'model.asked')) history.modelAskedAt ??= event.at;
  if (isEvent(event, 'model.answered')) {
    history.costMicroUsd += event.body.costMicroUsd;
    history.tokens += event.body.inputTokens + event.body.outputTokens;
    return;
  }
  takeStep(history, event);
  takeFacts(history, event);
  const next = holderAfter(event);
  if (next !== null) handOver(history, event.at, next);
}

function takeStep(history: TaskHistory, event: RecordedEvent): void {
  const step = stepOf(event);
  if (step === null) return;
  const { startedAt, durationMs } = step.timing;
  // A wait that is not over by an event of its own is over when work begins.
  if (history.now.holder !== 'line') handOver(history, startedAt, { holder: 'line', why: 'went-on' });
  const queueMs = between(history.now.since, startedAt);
  if (queueMs < 0 || durationMs < 0) history.clockJumps += 1;
  history.steps.push({
    step: step.step,
    persona: step.persona,
    attempt: step.attempt,
    endedAt: event.at,
    workMs: Math.max(0, durationMs),
    queueMs: Math.max(0, queueMs),
    seq: event.seq,
  });
}

function takeFacts(history: TaskHistory, event: RecordedEvent): void {
  const { at, seq, artifact, actor } = event;
  const kind = (TOUCHES as Partial<Record<string, Touch['kind']>>)[event.type];
  if (kind !== undefined && !actor.startsWith('persona:') && actor !== 'factory')
    history.touches.push({ kind, actor, at, seq });
  if (isEvent(event, 'plan.generated')) {
    history.planArtifact ??= artifact;
  } else if (isEvent(event, 'qa.passed') || isEvent(event, 'qa.failed')) {
    const { outcome, attempt } = event.body;
    history.verdicts.push({ outcome, attempt, run: history.run, at, seq, artifact });
  } else if (isEvent(event, 'code.generated')) {
    history.builds.push({ run: history.run, attempt: event.body.attempt, artifact });
  } else if (isEvent(event, 'task.blocked')) {
    history.blocked.push({ code: event.body.code, at, seq, artifact });
  } else if (isEvent(event, 'pull-request.drafted') || isEvent(event, 'pull-request.opened')) {
    history.openedAt ??= at;
  } else if (isEvent(event, 'pull-request.merged') || isEvent(event, 'pull-request.merged-by-hand')) {
    end(history, 'merged', event);
  } else if (isEvent(event, 'pull-request.rejected')) {
    end(history, 'rejected', event);
  } else if (isEvent(event, 'task.cancelled')) {
    end(history, 'cancelled', event);
  }
}

function end(history: TaskHistory, outcome: NonNullable<TaskHistory['outcome']>, event: RecordedEvent): void {
  history.outcome = outcome;
  history.endedAt = event.at;
  history.endedSeq = event.seq;
}

function handOver(history: TaskHistory, at: string, next: { holder: Holder; why: string }): void {
  const { holder, since, why } = history.now;
  const ms = between(since, at);
  if (ms < 0) history.clockJumps += 1;
  if (holder !== 'line') history.stands.push({ holder, why, ms: Math.max(0, ms) });
  history.now = { ...next, since: at };
}

/** In ms; below zero where the clock was set back meanwhile. */
function between(from: string, to: string): number {
  return Date.parse(to) - Date.parse(from);
}
