import type { LookAtReview, StepReport } from '#src/code-factory/step.ts';
import { taskStream } from '#src/code-factory/task.ts';
import type { Task } from '#src/code-factory/task.ts';
import type { Artifact } from '#src/ledger/artifact.ts';
import { isEvent } from '#src/ledger/event.ts';
import type { ForgeReview } from '#src/ports/forge.ts';
import type { RepositoryRef } from '#src/ports/workspace.ts';
import { approverBehind } from '#src/review/approval-on-forge.ts';
import { changesAsked } from '#src/review/changes-asked.ts';
import { decideReviewStep } from '#src/review/decide.ts';
import type { SeenInReview } from '#src/review/decide.ts';
import { cleanText } from '#src/safety/clean-text.ts';
import { withoutComments } from '#src/safety/html-comments.ts';
import { repositoryOf, rightsNow } from '../tools/repository.ts';
import type { StepTools } from '../tools/step-tools.ts';
import { seenByHand } from './seen-by-hand.ts';

/** Of a review; as much as a check may say of itself. */
const SAID_CHARS = 4_000;
const HOUR_MS = 3_600_000;

/** Whether a model may work on a conversation of a project. */
type ModelFor = (projectId: string, conversationId: string) => Promise<boolean>;

/**
 * What people did to the pull request on its forge while the card asked about it, and after somebody closed it. Read from
 * the forge each time, whatever woke the task. A repository of this machine is looked at when somebody decides.
 */
export function createLookAtReview(
  tools: StepTools,
  { modelFor, approvalExpiryHours }: { modelFor: ModelFor; approvalExpiryHours: number },
): LookAtReview {
  return async (context) => {
    const { task } = context;
    const { pullRequest: shown } = task;
    const repo = await repositoryOf(tools, task);
    const kind = tools.forge.kindOf(repo);
    if (kind === 'local' || shown === null) return null;
    const seen = await seenByHand(tools, context, repo, shown);
    if (seen !== null || task.status !== 'in-review') return seen;
    const reviews = await reviewsNotCounted(tools, task, repo, shown);
    const request = reviews.find(({ says }) => says === 'request-changes');
    if (request !== undefined)
      return requestOf(
        request,
        task,
        kind,
        task.reverts === null && (await modelFor(task.projectId, task.conversationId)),
      );
    return approvalOf(tools, task, repo, { reviews, shown, approvalExpiryHours });
  };
}

/** Reviews of the shown head that made no difference yet: each counts once, also where what came of it is void by now. */
async function reviewsNotCounted(
  tools: StepTools,
  task: Task,
  repo: RepositoryRef,
  shown: NonNullable<Task['pullRequest']>,
): Promise<ForgeReview[]> {
  const reviews = await tools.forge.readReviews(repo, shown, shown.headSha);
  if (reviews.length === 0) return [];
  const events = await tools.unitOfWork.ledger.stream(taskStream(task.taskId));
  const counted = new Set(
    events.map((event) =>
      isEvent(event, 'changes.requested') || isEvent(event, 'approval.granted') ? event.body.reviewId : undefined,
    ),
  );
  return reviews.filter(({ id }) => !counted.has(id));
}

/** Changes that somebody asks for on the forge go the way of the card's own button. */
function requestOf(request: ForgeReview, task: Task, kind: string, mend: boolean): StepReport {
  const said = cleanText(withoutComments(request.text)).trim().slice(0, SAID_CHARS);
  const actor = `${kind}:${request.by}`;
  const { comment, blocker } = changesAsked(task, { actor, comment: said, mend });
  const hashes = { comment: comment.hash, blocker: blocker.hash };
  return report({ type: 'record-request', actor, reviewId: request.id, ...hashes, mend }, [comment, blocker]);
}

/** So does the approval of an approver, with the rights of now. Nobody else's review decides; its words never do. */
async function approvalOf(
  tools: StepTools,
  task: Task,
  repo: RepositoryRef,
  {
    reviews,
    shown: { headSha, diffHash },
    approvalExpiryHours,
  }: { reviews: readonly ForgeReview[]; shown: NonNullable<Task['pullRequest']>; approvalExpiryHours: number },
): Promise<StepReport | null> {
  if (reviews.length === 0) return null;
  const { baseSha } = await tools.workspace.refresh(repo);
  const rights = await rightsNow(tools, repo, baseSha);
  for (const review of reviews) {
    const actor = approverBehind(review, task.requester, rights);
    if (actor === null) continue;
    const expiresAt = new Date(tools.clock.now().getTime() + approvalExpiryHours * HOUR_MS).toISOString();
    const said = { approvalId: tools.ids.next(), actor, reviewId: review.id, headSha, diffHash, expiresAt };
    return report({ type: 'record-approval', ...said, rights });
  }
  return null;
}

function report(command: SeenInReview, artifacts: readonly Artifact[] = []): StepReport {
  return { artifacts, decide: (task, step, meta) => decideReviewStep(command, task, step, meta) };
}
