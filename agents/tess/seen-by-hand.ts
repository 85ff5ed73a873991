import type { StepContext, StepReport } from '#src/code-factory/step.ts';
import { awaitsReopening } from '#src/code-factory/task.ts';
import type { Task } from '#src/code-factory/task.ts';
import { jsonArtifact } from '#src/ledger/artifact.ts';
import type { Artifact } from '#src/ledger/artifact.ts';
import type { BlockerPacket } from '#src/packets/blocker.ts';
import type { PullRequestRef, PullRequestState } from '#src/ports/forge.ts';
import type { RepositoryRef } from '#src/ports/workspace.ts';
import { decideReviewStep } from '#src/review/decide.ts';
import type { SeenInReview } from '#src/review/decide.ts';
import { packetHeaderOf } from '../tools/packet-header.ts';
import type { StepTools } from '../tools/step-tools.ts';
import { noteMerge } from './note-merge.ts';

/**
 * What people did by hand to a task's pull request: pushed, merged, closed, opened it again. null: it stands as the task
 * knows it.
 */
export async function seenByHand(
  tools: Pick<StepTools, 'forge' | 'workspace'>,
  context: StepContext,
  repo: RepositoryRef,
  pullRequest: PullRequestRef,
): Promise<StepReport | null> {
  const { task } = context;
  const now = await tools.forge.readPullRequest(repo, pullRequest);
  if (now.state === 'merged' && now.mergedSha !== null) return mergedByHand(tools, context, repo, now, now.mergedSha);
  if (now.state === 'closed') return awaitsReopening(task) ? null : closedByHand(tools, task, repo);
  const isMoved = now.headSha !== task.headSha;
  // Brings what was pushed, so that it can be checked.
  if (isMoved) await tools.workspace.refresh(repo);
  if (awaitsReopening(task)) return report({ type: 'record-reopened', headSha: now.headSha });
  return isMoved ? report({ type: 'record-push', headSha: now.headSha }) : null;
}

async function mergedByHand(
  { forge }: Pick<StepTools, 'forge'>,
  context: StepContext,
  repo: RepositoryRef,
  { headSha, mergedBy }: PullRequestState,
  mergedSha: string,
): Promise<StepReport> {
  const { task } = context;
  const known = task.headSha ?? '';
  if (headSha !== known) {
    const shown = task.status === 'checked' ? 'the checks ran on' : 'the card showed';
    return ended(task, mergedSha, {
      reason: `Somebody merged ${headSha.slice(0, 7)} by hand; ${shown} ${known.slice(0, 7)}.`,
      fix: 'Look at what landed, then stop this task.',
    });
  }
  const note = await noteMerge(context, mergedSha);
  const by = mergedBy === undefined ? null : `${forge.kindOf(repo)}:${mergedBy}`;
  return report({ type: 'record-merge-by-hand', mergedBy: by, mergedSha, memoryNote: note.hash }, [note]);
}

/** A forge closes by itself what lost its branch. */
export async function closedByHand(
  { forge }: Pick<StepTools, 'forge'>,
  task: Task,
  repo: RepositoryRef,
): Promise<StepReport> {
  const number = task.pullRequest?.number;
  const branch = task.branch?.name ?? '';
  const isGone = forge.kindOf(repo) !== 'local' && (await forge.branchHead(repo, branch)) === null;
  return ended(
    task,
    null,
    isGone
      ? {
          reason: `Somebody deleted the branch ${branch}, and with that pull request ${number} was closed.`,
          fix: 'Restore the branch there and reopen the pull request, then this task goes on by itself. Or stop it and commit its story again.',
        }
      : {
          reason: `Somebody closed pull request ${number} without merging it.`,
          fix: 'Reopen it there and this task goes on by itself. Retry to have another one opened, or stop this task.',
        },
  );
}

function ended(task: Task, mergedSha: string | null, why: Pick<BlockerPacket, 'reason' | 'fix'>): StepReport {
  const code = mergedSha === null ? 'pull-request-closed' : 'head-moved';
  const header = packetHeaderOf(task, 'tess', 'person');
  const packet = { ...header, type: 'blocker', code, ...why, findings: [] } satisfies BlockerPacket;
  const blocker = jsonArtifact('packet', packet);
  return report({ type: 'record-close', mergedSha, artifact: blocker.hash, waitsFor: task.requester }, [blocker]);
}

function report(command: SeenInReview, artifacts: readonly Artifact[] = []): StepReport {
  return { artifacts, decide: (task, step, meta) => decideReviewStep(command, task, step, meta) };
}
