import { decideStep } from '#src/code-factory/decide.ts';
import { requireGoing } from '#src/code-factory/halt-watch.ts';
import type { Step, StepContext, StepReport } from '#src/code-factory/step.ts';
import type { Task } from '#src/code-factory/task.ts';
import { FactoryError } from '#src/errors.ts';
import { jsonArtifact } from '#src/ledger/artifact.ts';
import type { EventBodies } from '#src/ledger/event-types.ts';
import type { BlockerPacket } from '#src/packets/blocker.ts';
import type { MergeOutcome, OwnReview } from '#src/ports/forge.ts';
import { waitForLock } from '#src/ports/wait-for-lock.ts';
import type { RepositoryRef } from '#src/ports/workspace.ts';
import { decideReviewStep } from '#src/review/decide.ts';
import type { ReviewStepCommand } from '#src/review/decide.ts';
import { decideOwnReview, howToReview } from '#src/review/own-review.ts';
import { mayApprove } from '#src/review/rights.ts';
import { readBrief } from '../tools/brief.ts';
import { personaIdentity } from '../tools/commit-message.ts';
import { packetHeaderOf } from '../tools/packet-header.ts';
import { repositoryOf, rightsNow } from '../tools/repository.ts';
import type { StepTools } from '../tools/step-tools.ts';
import { checkMergeResult } from './check-merge-result.ts';
import type { MergeResultChecks } from './check-merge-result.ts';
import { noteMerge } from './note-merge.ts';
import { isConflict, reviewDiff } from './review-facts.ts';
import { closedByHand } from './seen-by-hand.ts';

/** The base is where the checks ran already. */
const NOT_NEEDED: PassedChecks = { outcome: 'passed', checks: null };
const MERGE_LOCK_WAIT_MS = 100;
/** Another merge into the same repository may have to run its checks first. */
const MERGE_LOCK_TRIES = 6000;

/**
 * Merges exactly what was approved, one merge at a time per repository. Everything that the approval rests on is read
 * again first: rights, expiry, head, diff. Whatever does not match voids the approval and says why.
 */
export function createMerge(tools: StepTools): Step {
  return async (context) => {
    const { task, signal } = context;
    const repo = await repositoryOf(tools, task);
    const work = () => mergeApproved(tools, context, repo);
    return waitForLock(tools.unitOfWork, `merge:${repo.id}`, work, {
      everyMs: MERGE_LOCK_WAIT_MS,
      tries: MERGE_LOCK_TRIES,
      signal,
      busy: {
        code: 'merge-busy',
        message: 'Another change is being merged into this repository.',
        fix: 'Retry in a minute.',
      },
    });
  };
}

async function mergeApproved(tools: StepTools, context: StepContext, repo: RepositoryRef): Promise<StepReport> {
  const { task } = context;
  const { approval, pullRequest } = task;
  if (approval === null || pullRequest === null) {
    throw new FactoryError('not-approved', `Task ${task.number} is not approved.`, {
      fix: 'Decide on its review card.',
    });
  }
  const now = await tools.forge.readPullRequest(repo, pullRequest);
  if (now.state === 'merged' && now.mergedSha !== null) {
    if (now.headSha !== approval.headSha) return mergedByOthers(task, approval.headSha, now.headSha);
    return merged(context, pullRequest.baseSha, now.mergedSha, null);
  }
  if (now.state === 'closed') return closedByHand(tools, task, repo);
  // Also brings a head that somebody pushed, so that it can be checked.
  const { baseSha } = await tools.workspace.refresh(repo);
  const reason = await whyVoid(tools, repo, { task, approval, baseSha, headSha: now.headSha });
  if (reason !== null) return voidApproval(reason, now.headSha);
  try {
    const review = await reviewDiff(tools, repo, task, { baseSha, headSha: approval.headSha });
    if (review.facts.diffHash !== approval.diffHash) return voidApproval('diff-changed', now.headSha);
    return await land(tools, context, repo, { approval, pullRequest, baseSha, review });
  } catch (error) {
    if (!isConflict(error)) throw error;
    return voidAndBlock(task, 'tess', 'merge-conflict', {
      reason: error.message,
      fix: error.fix,
      findings: [],
    });
  }
}

type VoidReason = EventBodies['approval.voided']['reason'];
type Approval = NonNullable<Task['approval']>;
type Review = Awaited<ReturnType<typeof reviewDiff>>;

/** Whether the approval itself still holds: its head, its time, its giver's rights. null: it does. */
async function whyVoid(
  tools: StepTools,
  repo: RepositoryRef,
  now: { task: Task; approval: Approval; baseSha: string; headSha: string },
): Promise<VoidReason | null> {
  const { task, approval } = now;
  if (now.headSha !== approval.headSha) return 'head-moved';
  if (tools.clock.now() >= new Date(approval.expiresAt)) return 'expired';
  if (!(await stillStands(tools, repo, task, approval))) return 'review-withdrawn';
  const rights = mayApprove(approval.approver, task.requester, await rightsNow(tools, repo, now.baseSha));
  return rights.allowed ? null : 'rights-withdrawn';
}

/** Whoever approved by a review on the forge may have taken it back there. */
async function stillStands(
  tools: StepTools,
  repo: RepositoryRef,
  { pullRequest }: Task,
  { reviewId, headSha }: Approval,
): Promise<boolean> {
  if (reviewId === null || pullRequest === null) return true;
  const reviews = await tools.forge.readReviews(repo, pullRequest, headSha);
  return reviews.some(({ id, says }) => id === reviewId && says === 'approve');
}

/** A new head is checked first; everything else only asks again. */
function voidApproval(reason: VoidReason, headSha: string): StepReport {
  return report({ type: 'void-approval', reason, next: reason === 'head-moved' ? 'built' : 'checked', headSha });
}

type PassedChecks = Extract<MergeResultChecks, { outcome: 'passed' }>;

interface Landing {
  approval: Approval;
  pullRequest: NonNullable<Task['pullRequest']>;
  baseSha: string;
  review: Review;
}

/** Makes the merge commit, checks it where the base moved, and hands it to the forge. */
async function land(
  tools: StepTools,
  context: StepContext,
  repo: RepositoryRef,
  { approval, pullRequest, baseSha, review }: Landing,
): Promise<StepReport> {
  const { task } = context;
  const message = `Merge task ${task.number}: ${(await readBrief(context)).title}\n\nApproved by ${approval.approver}${approval.byRequester ? ', its requester' : ''}.`;
  const merge = await tools.workspace.mergeCommit(repo, {
    baseSha,
    headSha: approval.headSha,
    message,
    author: personaIdentity('tess'),
    at: new Date(approval.grantedAt),
  });
  const checked = review.moved ? await checkMergeResult(tools, context, repo, baseSha, merge.sha) : NOT_NEEDED;
  if (checked.outcome === 'waits') return waits('sandbox', 'the person who runs the workbench', checked.text);
  if (checked.outcome === 'failed') {
    return voidAndBlock(task, 'vera', 'checks-failed', {
      reason: 'The base moved, and together with it this change fails its checks.',
      fix: 'Paste a version that fits the present base into this thread; it is tried at once.',
      findings: checked.findings,
    });
  }
  await requireStillWanted(tools, task);
  const { headSha, approver } = approval;
  const own = await tools.forge.recordApproval(repo, pullRequest, { headSha, approver });
  const outcome = await tools.forge.merge(repo, pullRequest, { headSha, baseSha, mergeSha: merge.sha });
  return withOwnReview(own, await landedOrNot(tools, context, repo, { approval, baseSha, own, outcome, checked }));
}

/** What came of the merge, as GitHub or the folder has it now. */
async function landedOrNot(
  tools: StepTools,
  context: StepContext,
  repo: RepositoryRef,
  {
    approval,
    baseSha,
    own,
    outcome,
    checked,
  }: Pick<Landing, 'approval' | 'baseSha'> & { own: OwnReview; outcome: MergeOutcome; checked: PassedChecks },
): Promise<StepReport> {
  switch (outcome.outcome) {
    case 'merged':
      return merged(context, baseSha, outcome.mergedSha, checked.checks);
    case 'head-moved': {
      await tools.workspace.refresh(repo);
      return voidApproval('head-moved', outcome.actualSha ?? approval.headSha);
    }
    case 'base-moved':
      throw new FactoryError('base-moved', 'The base branch moved during the merge.', {
        fix: 'Retry; the checks run again on the merge result.',
        retryable: true,
      });
    case 'waits':
      return outcome.missing === 'review'
        ? waits('review', approval.approver, `${outcome.reason} ${howToReview(own, approval.approver)}`)
        : waits('dirty-clone', approval.approver, outcome.reason);
  }
}

/** The ledger tells of the approver's own review whatever came of the merge. */
function withOwnReview(own: OwnReview, made: StepReport): StepReport {
  return {
    ...made,
    decide: (task, step, meta) => {
      const rest = made.decide(task, step, meta);
      return [...decideOwnReview(own, task, meta), ...rest];
    },
  };
}

/** The last look before what cannot be taken back: checks may have run for minutes since the pass began. */
async function requireStillWanted(tools: StepTools, task: Task): Promise<void> {
  await requireGoing(tools.unitOfWork.ledger);
  const row = await tools.unitOfWork.tables.get('story_tasks', task.taskId);
  if (row !== null && row.state === 'approved' && !row.paused) return;
  throw new FactoryError('not-wanted-now', `Task ${task.number} was stopped or paused before its merge.`, {
    fix: 'Resume it, or commit its story again.',
  });
}

function mergedByOthers(task: Task, approvedSha: string, mergedSha: string): StepReport {
  const [approved, landed] = [approvedSha.slice(0, 7), mergedSha.slice(0, 7)];
  return voidAndBlock(task, 'tess', 'head-moved', {
    reason: `Somebody merged ${landed} by hand; ${approved} was approved.`,
    fix: 'Look at what landed, then stop this task.',
    findings: [],
  });
}

function waits(kind: 'sandbox' | 'dirty-clone' | 'review', who: string, text: string): StepReport {
  return {
    artifacts: [],
    decide: (task, step, meta) => decideStep({ type: 'wait', kind, who, text }, task, step, meta),
  };
}

/** The approval must not stay behind a task that a person has to look at first. */
function voidAndBlock(
  task: Task,
  from: 'tess' | 'vera',
  code: VoidReason,
  why: Pick<BlockerPacket, 'reason' | 'fix' | 'findings'>,
): StepReport {
  const packet = { ...packetHeaderOf(task, from, 'person'), type: 'blocker', code, ...why } satisfies BlockerPacket;
  const blocker = jsonArtifact('packet', packet);
  return report({ type: 'void-and-block', reason: code, artifact: blocker.hash, waitsFor: task.requester }, [blocker]);
}

async function merged(
  context: StepContext,
  baseSha: string,
  mergedSha: string,
  checks: EventBodies['pull-request.merged']['checks'],
): Promise<StepReport> {
  const note = await noteMerge(context, mergedSha);
  return report({ type: 'record-merge', baseSha, mergedSha, checks, memoryNote: note.hash }, [note]);
}

function report(command: ReviewStepCommand, artifacts: StepReport['artifacts'] = []): StepReport {
  return { artifacts, decide: (task: Task, step, meta) => decideReviewStep(command, task, step, meta) };
}
