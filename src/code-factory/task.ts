import { isEvent } from '#src/ledger/event.ts';
import type { RecordedEvent } from '#src/ledger/event.ts';
import type { EventBodies } from '#src/ledger/event-types.ts';
import { isPersonaName } from '#src/ports/personas.ts';
import type { PersonaName } from '#src/ports/personas.ts';
import type { TaskStatus } from './task-status.ts';

/** A task as its own events tell it. Built by `evolve`, never edited. */
export interface Task {
  taskId: string;
  projectId: string;
  conversationId: string;
  storyId: string;
  featureId: string;
  repoId: string;
  number: number;
  /** The person who committed the story. */
  requester: string;
  /** Tasks that must be merged first. */
  dependsOn: readonly string[];
  status: TaskStatus;
  paused: boolean;
  /** What it waits for besides its status; cleared by the next step that succeeds. */
  waiting: {
    kind: string;
    who: string;
    text: string;
    budget: { scope: 'step' | 'task' | 'day'; key: string } | null;
  } | null;
  /** What people said in its thread for whoever works on it, oldest first. */
  steering: readonly {
    steeringId: string;
    by: string;
    at: string;
    artifact: string;
    /** null: for whoever works on it. */
    to: PersonaName | null;
    heard: boolean;
  }[];
  /** Who works on the branch; null: nobody does. */
  takenOver: { by: string } | null;
  /** Why a person or a merge sent the work back: its blocker, until a review is asked for again. */
  sentBack: { artifact: string; isTakenUp: boolean } | null;
  /** Set while a person's own push waits to be taken up as the build. */
  handedBack: { by: string; headSha: string } | null;
  run: { runId: string; number: number } | null;
  /** 1 to MAX_ATTEMPTS within a run. */
  attempt: number;
  /** The number of the latest pass; results under another one are refused. */
  fence: number;
  branch: { branchId: string; name: string; baseSha: string } | null;
  /** What the branch points at. */
  headSha: string | null;
  pullRequest: {
    pullRequestId: string;
    number: number;
    url: string;
    baseSha: string;
    headSha: string;
    diffHash: string;
    /** Somebody closed it on its forge. */
    isClosed: boolean;
  } | null;
  /** What blocks it; null: nothing does. */
  blockedBy: string | null;
  approval: {
    approvalId: string;
    approver: string;
    byRequester: boolean;
    headSha: string;
    diffHash: string;
    grantedAt: string;
    expiresAt: string;
    /** The forge's review that said so; null: the card's button did. */
    reviewId: string | null;
    /** What was last told of a review of the approver's own on the forge. */
    ownReview: 'submitted' | 'missed' | null;
  } | null;
  mergedSha: string | null;
  /** What it takes back; null: it is a story's own task. */
  reverts: Reverts | null;
  /** Hashes of the latest artifact of each kind of step. */
  artifacts: {
    brief: string;
    assignment: string | null;
    scope: string | null;
    plan: string | null;
    lock: string | null;
    build: string | null;
    qa: string | null;
    blocker: string | null;
    body: string | null;
    /** A change set that a person pasted into the task's thread; it replaces the story's own. */
    revision: string | null;
    comment: string | null;
  };
  /** When the story was committed. Commits of the factory carry this date, so that a step done twice makes the same commit. */
  committedAt: string;
  /** When its last event happened, and how many events its stream has. */
  at: string;
  position: number;
  /** Where its stream stood when its status last changed: what made the step that is due now due. */
  statusPosition: number;
}

type RevertBody = EventBodies['revert.committed'];

/** A merged change that a task takes back. */
export interface Reverts {
  /** The task that merged it, the one that this had taken back itself, and so on to the story's own. */
  chain: RevertBody['reverts'];
  /** The commit on the base branch, and the base and head that its review showed. */
  landed: RevertBody['landed'];
}

/** Blockers that more work on the code can answer. */
const SENT_BACK: ReadonlySet<string> = new Set(['changes-requested', 'checks-failed']);

/** The stream that holds a task's events; its name is also the lock under which the task is worked on. */
export function taskStream(taskId: string): string {
  return `task:${taskId}`;
}

/** Somebody closed its pull request: when that is opened again there, it goes on by itself. */
export function awaitsReopening({ status, blockedBy, pullRequest }: Task): boolean {
  return status === 'blocked' && blockedBy === 'pull-request-closed' && pullRequest !== null;
}

/** Folds a task's stream. `null` when the stream is empty. */
export function foldTask(events: readonly RecordedEvent[]): Task | null {
  return events.reduce<Task | null>((task, event) => evolve(task, event), null);
}

/** The next state. Pure; an event that does not concern the state only moves `position`. */
export function evolve(task: Task | null, event: RecordedEvent): Task {
  if (task === null) {
    const isRevert = isEvent(event, 'revert.committed');
    if (!isRevert && !isEvent(event, 'story.committed'))
      throw new Error(`a task's first event is story.committed or revert.committed, not ${event.type}`);
    const { body } = event;
    return {
      taskId: body.taskId,
      projectId: body.projectId,
      conversationId: body.conversationId,
      storyId: body.storyId,
      featureId: body.featureId,
      repoId: body.repoId,
      number: body.number,
      requester: body.requester,
      dependsOn: body.dependsOn,
      status: 'ready',
      paused: false,
      waiting: null,
      steering: [],
      takenOver: null,
      sentBack: null,
      handedBack: null,
      run: null,
      attempt: 1,
      fence: 0,
      branch: null,
      headSha: null,
      pullRequest: null,
      blockedBy: null,
      approval: null,
      mergedSha: null,
      reverts: isRevert ? { chain: event.body.reverts, landed: event.body.landed } : null,
      artifacts: {
        brief: event.artifact ?? '',
        assignment: null,
        scope: null,
        plan: null,
        lock: null,
        build: null,
        qa: null,
        blocker: null,
        body: null,
        revision: null,
        comment: null,
      },
      committedAt: event.at,
      at: event.at,
      position: event.position,
      statusPosition: event.position,
    };
  }
  const changed = change(task, event);
  const statusPosition = changed.status === undefined ? task.statusPosition : event.position;
  const blockedBy = changed.status === undefined ? task.blockedBy : null;
  return { ...task, blockedBy, ...changed, at: event.at, position: event.position, statusPosition };
}

function change(task: Task, event: RecordedEvent): Partial<Task> {
  const kept = (name: keyof Task['artifacts']): Task['artifacts'] => ({ ...task.artifacts, [name]: event.artifact });
  if (isEvent(event, 'pass.started')) return { fence: event.body.fence };
  if (isEvent(event, 'task.claimed')) {
    return {
      status: 'claimed',
      waiting: null,
      attempt: 1,
      run: { runId: event.body.runId, number: event.body.runNumber },
    };
  }
  if (isEvent(event, 'branch.created')) {
    const { branchId, name, baseSha } = event.body;
    return { status: 'branched', waiting: null, branch: { branchId, name, baseSha }, headSha: baseSha };
  }
  if (isEvent(event, 'assignment.dispatched'))
    return { status: 'assigned', waiting: null, artifacts: kept('assignment') };
  if (isEvent(event, 'scope.clarified')) return { status: 'scoped', waiting: null, artifacts: kept('scope') };
  if (isEvent(event, 'plan.generated')) return { status: 'planned', waiting: null, artifacts: kept('plan') };
  if (isEvent(event, 'behaviour.locked')) return { status: 'locked', waiting: null, artifacts: kept('lock') };
  if (isEvent(event, 'code.generated')) {
    return {
      status: 'built',
      waiting: null,
      handedBack: null,
      sentBack: task.sentBack === null ? null : { ...task.sentBack, isTakenUp: true },
      headSha: event.body.headSha,
      artifacts: kept('build'),
    };
  }
  if (isEvent(event, 'qa.passed')) return { status: 'checked', waiting: null, artifacts: kept('qa') };
  if (isEvent(event, 'qa.failed')) return { status: 'built', waiting: null, artifacts: kept('qa') };
  if (isEvent(event, 'retry.scheduled')) return { status: 'locked', waiting: null, attempt: event.body.attempt };
  if (isEvent(event, 'task.blocked')) {
    return {
      status: 'blocked',
      blockedBy: event.body.code,
      waiting: null,
      approval: null,
      // What stops the work on it afterwards does not answer it.
      sentBack:
        event.artifact !== null && SENT_BACK.has(event.body.code)
          ? { artifact: event.artifact, isTakenUp: false }
          : task.sentBack,
      artifacts: kept('blocker'),
    };
  }
  if (isEvent(event, 'task.waiting')) {
    const { kind, who, text, budget } = event.body;
    return { waiting: { kind, who, text, budget: budget ?? null } };
  }
  if (isEvent(event, 'task.paused')) return { paused: true };
  if (isEvent(event, 'task.resumed')) return { paused: false };
  if (isEvent(event, 'task.went-on')) return { waiting: null };
  if (isEvent(event, 'task.cancelled')) {
    return { status: 'cancelled', waiting: null, approval: null, takenOver: null, handedBack: null };
  }
  if (isEvent(event, 'steering.given')) {
    const { steeringId } = event.body;
    const to = event.body.to !== undefined && isPersonaName(event.body.to) ? event.body.to : null;
    const given = { steeringId, by: event.actor, at: event.at, artifact: event.artifact ?? '', to, heard: false };
    return { steering: [...task.steering, given] };
  }
  if (isEvent(event, 'steering.heard')) {
    const heard = new Set(event.body.steeringIds);
    return { steering: task.steering.map((one) => (heard.has(one.steeringId) ? { ...one, heard: true } : one)) };
  }
  if (isEvent(event, 'task.taken-over')) {
    const { by, headSha } = event.body;
    return {
      status: 'taken-over',
      paused: false,
      waiting: null,
      approval: null,
      takenOver: { by },
      handedBack: null,
      headSha,
      // Whatever still runs for it is older than the person's work, also after it is handed back.
      fence: task.fence + 1,
    };
  }
  if (isEvent(event, 'task.handed-back')) {
    const { by, headSha, isNew, state } = event.body;
    return {
      status: state,
      waiting: null,
      attempt: 1,
      headSha,
      takenOver: null,
      handedBack: isNew ? { by, headSha } : null,
    };
  }
  if (isEvent(event, 'task.retried')) {
    return {
      status: event.body.state,
      waiting: null,
      attempt: event.body.attempt,
      artifacts: event.artifact === null ? task.artifacts : kept('revision'),
    };
  }
  if (isEvent(event, 'pull-request.drafted')) {
    const { pullRequestId, number, url, baseSha, headSha, diffHash } = event.body;
    const pullRequest = { pullRequestId, number, url, baseSha, headSha, diffHash, isClosed: false };
    return { pullRequest, artifacts: kept('body') };
  }
  if (isEvent(event, 'pull-request.opened')) {
    const { pullRequestId, number, url, baseSha, headSha, diffHash } = event.body;
    return {
      status: 'in-review',
      waiting: null,
      sentBack: null,
      headSha,
      pullRequest: { pullRequestId, number, url, baseSha, headSha, diffHash, isClosed: false },
      artifacts: kept('body'),
    };
  }
  if (isEvent(event, 'approval.granted')) {
    const { approvalId, approver, byRequester, headSha, diffHash, expiresAt, reviewId = null } = event.body;
    const bound = { approvalId, approver, byRequester, headSha, diffHash, expiresAt, reviewId };
    return { status: 'approved', waiting: null, approval: { ...bound, grantedAt: event.at, ownReview: null } };
  }
  if (isEvent(event, 'review.submitted') || isEvent(event, 'review.missed')) {
    const ownReview = event.type === 'review.submitted' ? 'submitted' : 'missed';
    return { approval: task.approval === null ? null : { ...task.approval, ownReview } };
  }
  if (isEvent(event, 'approval.voided')) {
    return { status: event.body.next, waiting: null, approval: null, headSha: event.body.headSha };
  }
  if (isEvent(event, 'review.outdated')) return { status: 'built', waiting: null, headSha: event.body.headSha };
  if (isEvent(event, 'pull-request.closed') && event.body.mergedSha === null)
    return { pullRequest: task.pullRequest && { ...task.pullRequest, isClosed: true } };
  if (isEvent(event, 'pull-request.reopened')) {
    const { state, headSha } = event.body;
    const pullRequest = task.pullRequest && { ...task.pullRequest, isClosed: false };
    return { status: state, waiting: null, headSha, pullRequest };
  }
  if (isEvent(event, 'changes.requested')) return { artifacts: kept('comment') };
  if (isEvent(event, 'pull-request.merged') || isEvent(event, 'pull-request.merged-by-hand'))
    return { status: 'merged', waiting: null, mergedSha: event.body.mergedSha };
  if (isEvent(event, 'pull-request.rejected')) return { status: 'rejected', waiting: null };
  return {};
}
