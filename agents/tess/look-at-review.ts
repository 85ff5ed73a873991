import type { LookAtReview, StepContext, StepReport } from '#src/code-factory/step.ts';
import { taskStream } from '#src/code-factory/task.ts';
import type { Task } from '#src/code-factory/task.ts';
import { jsonArtifact } from '#src/ledger/artifact.ts';
import type { Artifact } from '#src/ledger/artifact.ts';
import { isEvent } from '#src/ledger/event.ts';
import type { BlockerPacket } from '#src/packets/blocker.ts';
import type { RepositoryRef } from '#src/ports/workspace.ts';
import { changesAsked } from '#src/review/changes-asked.ts';
import { decideReviewStep } from '#src/review/decide.ts';
import type { SeenInReview } from '#src/review/decide.ts';
import { cleanText } from '#src/safety/clean-text.ts';
import { withoutComments } from '#src/safety/html-comments.ts';
import { packetHeaderOf } from '../tools/packet-header.ts';
import { repositoryOf } from '../tools/repository.ts';
import type { StepTools } from '../tools/step-tools.ts';
import { noteMerge } from './note-merge.ts';

/** Of a review; as much as a check may say of itself. */
const SAID_CHARS = 4_000;

/** Whether a model may work on a conversation of a project. */
type ModelFor = (projectId: string, conversationId: string) => Promise<boolean>;

/**
 * What people did to the pull request on its forge while the card asked about it. Read from the forge each time, whatever
 * woke the task. A repository of this machine is looked at when somebody decides.
 */
export function createLookAtReview(tools: StepTools, modelFor: ModelFor): LookAtReview {
  return async (context) => {
    const { task } = context;
    const { pullRequest: shown } = task;
    const repo = await repositoryOf(tools, task);
    const kind = tools.forge.kindOf(repo);
    if (kind === 'local' || shown === null) return null;
    const { state, headSha, mergedSha, mergedBy } = await tools.forge.readPullRequest(repo, shown);
    if (state === 'merged' && mergedSha !== null) {
      if (headSha !== shown.headSha) {
        return blockedBy(task, 'head-moved', mergedSha, {
          reason: `Somebody merged ${headSha.slice(0, 7)} by hand; the card showed ${shown.headSha.slice(0, 7)}.`,
          fix: 'Look at what landed, then stop this task.',
        });
      }
      const note = await noteMerge(context, mergedSha);
      const by = mergedBy === undefined ? null : `${kind}:${mergedBy}`;
      return report({ type: 'record-merge-by-hand', mergedBy: by, mergedSha, memoryNote: note.hash }, [note]);
    }
    if (state === 'closed') {
      return blockedBy(task, 'pull-request-closed', null, {
        reason: `Somebody closed pull request ${shown.number} without merging it.`,
        fix: 'Retry to have it opened again, or stop this task.',
      });
    }
    if (headSha === shown.headSha) return requestOf(tools, context, kind, repo, modelFor);
    // Brings what was pushed, so that it can be checked.
    await tools.workspace.refresh(repo);
    return report({ type: 'record-push', headSha });
  };
}

/** Changes that somebody asks for on the forge go the way of the card's own button, each review once. null: none. */
async function requestOf(
  tools: StepTools,
  { task }: StepContext,
  kind: string,
  repo: RepositoryRef,
  modelFor: ModelFor,
): Promise<StepReport | null> {
  if (task.pullRequest === null) return null;
  const requests = await tools.forge.readRequests(repo, task.pullRequest, task.pullRequest.headSha);
  if (requests.length === 0) return null;
  const events = await tools.unitOfWork.ledger.stream(taskStream(task.taskId));
  const heard = new Set(events.map((event) => (isEvent(event, 'changes.requested') ? event.body.reviewId : undefined)));
  const request = requests.find(({ id }) => !heard.has(id));
  if (request === undefined) return null;
  const said = cleanText(withoutComments(request.text)).trim().slice(0, SAID_CHARS);
  const actor = `${kind}:${request.by}`;
  const mend = await modelFor(task.projectId, task.conversationId);
  const { comment, blocker } = changesAsked(task, { actor, comment: said, mend });
  const hashes = { comment: comment.hash, blocker: blocker.hash };
  return report({ type: 'record-request', actor, reviewId: request.id, ...hashes, mend }, [comment, blocker]);
}

function blockedBy(
  task: Task,
  code: string,
  mergedSha: string | null,
  why: Pick<BlockerPacket, 'reason' | 'fix'>,
): StepReport {
  const header = packetHeaderOf(task, 'tess', 'person');
  const packet = { ...header, type: 'blocker', code, ...why, findings: [] } satisfies BlockerPacket;
  const blocker = jsonArtifact('packet', packet);
  return report({ type: 'record-close', mergedSha, artifact: blocker.hash, waitsFor: task.requester }, [blocker]);
}

function report(command: SeenInReview, artifacts: readonly Artifact[] = []): StepReport {
  return { artifacts, decide: (task, step, meta) => decideReviewStep(command, task, step, meta) };
}
