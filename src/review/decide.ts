import { blocked, decideStep, refuse, requireFence, revertOf, taskEvent } from '#src/code-factory/decide.ts';
import type { DecisionMeta, StepMeta } from '#src/code-factory/decide.ts';
import { hasEnded } from '#src/code-factory/task-status.ts';
import type { TaskStatus } from '#src/code-factory/task-status.ts';
import { awaitsReopening } from '#src/code-factory/task.ts';
import type { Task } from '#src/code-factory/task.ts';
import type { EventDraft } from '#src/ledger/event.ts';
import type { EventBodies } from '#src/ledger/event-types.ts';
import type { MergeMethod } from '#src/ports/forge.ts';
import { mayApprove } from './rights.ts';
import type { ApprovalRights } from './rights.ts';
import type { Risk } from './risk.ts';

/** What a person says to a pull request, with the facts that stood on the card they pressed. */
export type ReviewCommand =
  | {
      type: 'approve';
      approvalId: string;
      actor: string;
      headSha: string;
      diffHash: string;
      expiresAt: string;
      rights: ApprovalRights;
      /** The forge's review that says so; absent: a card's button. */
      reviewId?: string;
    }
  | { type: 'request-changes'; actor: string; comment: string; blocker: string; rights: ApprovalRights }
  /** `memoryNote`: what later runs should know of it; absent where no reason was given. */
  | { type: 'reject'; actor: string; reason: string | null; memoryNote?: string; rights: ApprovalRights };

interface PullRequestFacts {
  pullRequestId: string;
  number: number;
  url: string;
  baseSha: string;
  headSha: string;
  diffHash: string;
}

/** What the steps of the review report. */
export type ReviewStepCommand =
  | (PullRequestFacts & {
      type: 'record-pull-request';
      artifact: string;
      waitsFor: string;
      solo: boolean;
      landsAs?: MergeMethod;
      lookAt: string[];
      risk: Risk;
    })
  | { type: 'await-checks'; draft: PullRequestFacts & { artifact: string }; who: string; text: string }
  | {
      type: 'void-approval';
      reason: EventBodies['approval.voided']['reason'];
      next: 'built' | 'checked';
      headSha: string;
    }
  | { type: 'void-and-block'; reason: EventBodies['approval.voided']['reason']; artifact: string; waitsFor: string }
  | {
      type: 'record-merge';
      baseSha: string;
      mergedSha: string;
      checks: EventBodies['pull-request.merged']['checks'];
      memoryNote: string;
    }
  | SeenInReview;

/** What a look at the forge found: while its checks run, while a person is asked, after somebody closed it. */
export type SeenInReview =
  | { type: 'record-push'; headSha: string }
  | { type: 'record-merge-by-hand'; mergedBy: string | null; mergedSha: string; memoryNote: string }
  /** An approver's review approves exactly what the card shows: as good as its button. */
  | {
      type: 'record-approval';
      approvalId: string;
      actor: string;
      reviewId: string;
      headSha: string;
      diffHash: string;
      expiresAt: string;
      rights: ApprovalRights;
    }
  /** `mend`: a model is there to take it up at once. */
  | {
      type: 'record-request';
      actor: string;
      reviewId: string;
      comment: string;
      blocker: string;
      mend: boolean;
    }
  | { type: 'record-reopened'; headSha: string }
  /** `mergedSha`: of a merge that holds something else than what was shown; null: it was closed. */
  | { type: 'record-close'; mergedSha: string | null; artifact: string; waitsFor: string };

/** Throws FactoryError for every press that may not act; the state stays. */
export function decideReview(command: ReviewCommand, task: Task, meta: DecisionMeta): EventDraft[] {
  const { number, taskId, pullRequest } = task;
  if (hasEnded(task.status))
    refuse('review-over', `Task ${number} is already ${task.status}.`, 'Nothing is left to decide.');
  if (task.status === 'approved')
    refuse(
      'already-approved',
      `Task ${number} is approved by ${task.approval?.approver} and being merged.`,
      'Nothing is left to decide.',
    );
  if (task.status !== 'in-review' || pullRequest === null) {
    refuse(
      'not-in-review',
      `Task ${number} is ${task.status}; there is no pull request to decide on now.`,
      'Wait for its review card.',
    );
  }
  const rights = mayApprove(command.actor, task.requester, command.rights);

  if (command.type === 'approve') {
    if (!rights.allowed) refuse(rights.code, rights.reason, rights.fix);
    if (command.headSha !== pullRequest.headSha || command.diffHash !== pullRequest.diffHash) {
      refuse(
        'card-is-stale',
        'The pull request changed after this card was drawn.',
        'Look at the new card and decide there.',
      );
    }
    return [
      taskEvent(task, meta, 'approval.granted', {
        approvalId: command.approvalId,
        taskId,
        pullRequestId: pullRequest.pullRequestId,
        approver: command.actor,
        byRequester: rights.byRequester,
        headSha: command.headSha,
        diffHash: command.diffHash,
        expiresAt: command.expiresAt,
        ...(command.reviewId === undefined ? {} : { reviewId: command.reviewId }),
      }),
    ];
  }
  // Saying no needs less than saying yes: an approver or the person who committed the story may.
  if (!rights.allowed && command.actor !== task.requester) refuse(rights.code, rights.reason, rights.fix);
  if (command.type === 'request-changes') {
    return [
      taskEvent(
        task,
        meta,
        'changes.requested',
        { taskId, pullRequestId: pullRequest.pullRequestId },
        { artifact: command.comment },
      ),
      blocked(task, meta, 'changes-requested', command.blocker, task.requester, 'tess'),
    ];
  }
  return rejected(command, task, pullRequest.pullRequestId, meta);
}

function rejected(
  { reason, memoryNote }: Extract<ReviewCommand, { type: 'reject' }>,
  task: Task,
  pullRequestId: string,
  meta: DecisionMeta,
): EventDraft[] {
  const { taskId, storyId, featureId } = task;
  const runId = task.run?.runId ?? '';
  const body = { taskId, runId, pullRequestId, storyId, featureId, ...revertOf(task) };
  return [
    taskEvent(task, meta, 'pull-request.rejected', body, { artifact: reason }),
    ...(memoryNote === undefined
      ? []
      : [taskEvent(task, meta, 'memory.noted', { taskId, runId }, { agent: 'tess', artifact: memoryNote })]),
  ];
}

/** The pull request is told of once; the wait each time that its words change. */
function awaitChecks(
  { draft, who, text }: Extract<ReviewStepCommand, { type: 'await-checks' }>,
  task: Task,
  step: StepMeta,
  meta: DecisionMeta,
): EventDraft[] {
  const { artifact, ...facts } = draft;
  const body = { ...facts, taskId: task.taskId, repoId: task.repoId };
  const waits = decideStep({ type: 'wait', kind: 'checks', who, text }, task, step, meta);
  return task.pullRequest === null
    ? [taskEvent(task, meta, 'pull-request.drafted', body, { agent: 'tess', artifact }), ...waits]
    : waits;
}

/** The states in which something can be seen; what was closed is looked after as well. */
const SEEN: Readonly<Record<SeenInReview['type'], { in: readonly TaskStatus[]; whenClosed: boolean }>> = {
  'record-push': { in: ['checked', 'in-review'], whenClosed: false },
  'record-merge-by-hand': { in: ['checked', 'in-review'], whenClosed: true },
  'record-approval': { in: ['in-review'], whenClosed: false },
  'record-request': { in: ['in-review'], whenClosed: false },
  'record-close': { in: ['checked', 'in-review', 'approved'], whenClosed: true },
  'record-reopened': { in: [], whenClosed: true },
};

function isSeenInReview(command: ReviewStepCommand): command is SeenInReview {
  return Object.hasOwn(SEEN, command.type);
}

function seenInReview(command: SeenInReview, task: Task, meta: DecisionMeta): EventDraft[] {
  const { taskId, number, status, pullRequest } = task;
  const may = SEEN[command.type];
  const isDue = may.in.includes(status) || (may.whenClosed && awaitsReopening(task));
  if (!isDue || pullRequest === null)
    refuse('refused-transition', `Task ${number} is ${status}, not in review.`, 'The task keeps its state.');
  const { pullRequestId } = pullRequest;
  switch (command.type) {
    case 'record-push':
      return [taskEvent(task, meta, 'review.outdated', { taskId, pullRequestId, headSha: command.headSha })];
    case 'record-reopened': {
      const { headSha } = command;
      const state = headSha === task.headSha ? ('checked' as const) : ('built' as const);
      return [taskEvent(task, meta, 'pull-request.reopened', { taskId, pullRequestId, headSha, state })];
    }
    case 'record-merge-by-hand': {
      const { mergedBy, mergedSha, memoryNote } = command;
      const runId = task.run?.runId ?? '';
      const of = { taskId, runId, pullRequestId, storyId: task.storyId, featureId: task.featureId, ...revertOf(task) };
      return [
        taskEvent(task, meta, 'pull-request.merged-by-hand', { ...of, mergedBy, mergedSha }),
        taskEvent(task, meta, 'memory.noted', { taskId, runId }, { agent: 'tess', artifact: memoryNote }),
      ];
    }
    case 'record-approval': {
      const { type: _, ...said } = command;
      return decideReview({ type: 'approve', ...said }, task, { ...meta, actor: said.actor });
    }
    case 'record-request': {
      const { actor, reviewId, comment, blocker, mend } = command;
      const asked = { taskId, pullRequestId, reviewId };
      return [
        taskEvent(task, { ...meta, actor }, 'changes.requested', asked, { artifact: comment }),
        blocked(task, { ...meta, actor }, 'changes-requested', blocker, task.requester, 'tess'),
        ...(mend ? [takenUp(task, meta)] : []),
      ];
    }
    case 'record-close': {
      const { mergedSha, artifact, waitsFor } = command;
      const code = mergedSha === null ? 'pull-request-closed' : 'head-moved';
      return [
        taskEvent(task, meta, 'pull-request.closed', { taskId, pullRequestId, mergedSha }),
        blocked(task, meta, code, artifact, waitsFor, 'tess'),
      ];
    }
  }
}

/** What was built stays, and is mended. */
function takenUp(task: Task, meta: DecisionMeta): EventDraft {
  const body = { taskId: task.taskId, runId: task.run?.runId ?? '', attempt: 1, state: 'locked' as const };
  return taskEvent(task, meta, 'task.retried', body);
}

/** What the steps `open` and `merge` make of the task, and the looks between them. */
export function decideReviewStep(
  command: ReviewStepCommand,
  task: Task,
  step: StepMeta,
  meta: DecisionMeta,
): EventDraft[] {
  requireFence(task, step);
  const runId = task.run?.runId ?? '';
  const ofStep = { taskId: task.taskId, runId, attempt: task.attempt, timing: step.timing };

  if (command.type === 'record-pull-request' || command.type === 'await-checks') {
    if (task.status !== 'checked')
      refuse('refused-transition', `Task ${task.number} is ${task.status}, not checked.`, 'The task keeps its state.');
    if (command.type === 'await-checks') return awaitChecks(command, task, step, meta);
    const { type: _, artifact, ...facts } = command;
    const body = { ...ofStep, ...facts, repoId: task.repoId, isNew: task.pullRequest === null };
    return [taskEvent(task, meta, 'pull-request.opened', body, { agent: 'tess', artifact })];
  }

  if (isSeenInReview(command)) return seenInReview(command, task, meta);

  const { approval, pullRequest } = task;
  if (task.status !== 'approved' || approval === null || pullRequest === null) {
    refuse('refused-transition', `Task ${task.number} is ${task.status}, not approved.`, 'The task keeps its state.');
  }
  const { approvalId } = approval;
  switch (command.type) {
    case 'void-approval':
      return [
        taskEvent(task, meta, 'approval.voided', {
          approvalId,
          taskId: task.taskId,
          reason: command.reason,
          next: command.next,
          headSha: command.headSha,
        }),
      ];
    case 'void-and-block':
      return [
        taskEvent(task, meta, 'approval.voided', {
          approvalId,
          taskId: task.taskId,
          reason: command.reason,
          next: 'checked',
          headSha: pullRequest.headSha,
        }),
        blocked(task, meta, command.reason, command.artifact, command.waitsFor, 'tess'),
      ];
    case 'record-merge':
      return [
        taskEvent(task, meta, 'pull-request.merged', {
          ...ofStep,
          pullRequestId: pullRequest.pullRequestId,
          approvalId,
          storyId: task.storyId,
          featureId: task.featureId,
          baseSha: command.baseSha,
          mergedSha: command.mergedSha,
          checks: command.checks,
          ...revertOf(task),
        }),
        taskEvent(
          task,
          meta,
          'memory.noted',
          { taskId: task.taskId, runId },
          { agent: 'tess', artifact: command.memoryNote },
        ),
      ];
  }
}
