import { decideStep } from '#src/code-factory/decide.ts';
import type { Step, StepContext, StepReport } from '#src/code-factory/step.ts';
import type { Task } from '#src/code-factory/task.ts';
import { FactoryError } from '#src/errors.ts';
import { jsonArtifact, textArtifact } from '#src/ledger/artifact.ts';
import type { EventBodies } from '#src/ledger/event-types.ts';
import { BehaviourLockPacket } from '#src/packets/behaviour-lock.ts';
import type { BlockerPacket } from '#src/packets/blocker.ts';
import type { RepositoryRef } from '#src/ports/workspace.ts';
import type { CheckReport } from '#src/qa/report.ts';
import { judge } from '#src/qa/verdict.ts';
import { decideReviewStep } from '#src/review/decide.ts';
import type { ReviewStepCommand } from '#src/review/decide.ts';
import { mayApprove } from '#src/review/rights.ts';
import { readBrief } from '../tools/brief.ts';
import { checkRunsOf, planChecks, runAt } from '../tools/checks.ts';
import { personaIdentity } from '../tools/commit-message.ts';
import { packetHeaderOf, requireHash } from '../tools/packet-header.ts';
import { repositoryOf, rightsNow } from '../tools/repository.ts';
import type { StepTools } from '../tools/step-tools.ts';
import { writeMemoryNote } from './memory-note.ts';
import { reviewDiff } from './review-facts.ts';

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
    for (let attempt = 0; attempt < MERGE_LOCK_TRIES && !signal.aborted; attempt += 1) {
      const locked = await tools.unitOfWork.withLock(`merge:${repo.id}`, () => mergeApproved(tools, context, repo));
      if (locked.ran) return locked.value;
      await new Promise((resolve) => setTimeout(resolve, MERGE_LOCK_WAIT_MS));
    }
    throw new FactoryError('merge-busy', 'Another change is being merged into this repository.', {
      fix: 'Retry in a minute.',
      retryable: true,
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
  if (now.state === 'merged' && now.mergedSha !== null)
    return merged(context, pullRequest.baseSha, now.mergedSha, null);
  if (now.headSha !== approval.headSha) {
    return report({ type: 'void-approval', reason: 'head-moved', next: 'built', headSha: now.headSha });
  }
  if (tools.clock.now() >= new Date(approval.expiresAt)) {
    return report({ type: 'void-approval', reason: 'expired', next: 'checked', headSha: now.headSha });
  }
  const { baseSha } = await tools.workspace.refresh(repo);
  const rights = mayApprove(approval.approver, task.requester, await rightsNow(tools, repo, baseSha));
  if (!rights.allowed)
    return report({ type: 'void-approval', reason: 'rights-withdrawn', next: 'checked', headSha: now.headSha });

  const review = await reviewDiff(tools, repo, task, { baseSha, headSha: approval.headSha });
  if (review.facts.diffHash !== approval.diffHash) {
    return report({ type: 'void-approval', reason: 'diff-changed', next: 'checked', headSha: now.headSha });
  }
  const message = `Merge task ${task.number}: ${(await readBrief(context)).title}\n\nApproved by ${approval.approver}${approval.byRequester ? ', its requester' : ''}.`;
  const merge = await tools.workspace.mergeCommit(repo, {
    baseSha,
    headSha: approval.headSha,
    message,
    author: personaIdentity('tess'),
    at: new Date(approval.grantedAt),
  });
  let checks: EventBodies['pull-request.merged']['checks'] = null;
  if (review.moved) {
    const again = await checkMergeResult(tools, context, repo, baseSha, merge.sha);
    if (again.failed !== null) return again.failed;
    checks = again.checks;
  }
  const outcome = await tools.forge.merge(repo, pullRequest, {
    headSha: approval.headSha,
    baseSha,
    mergeSha: merge.sha,
  });
  switch (outcome.outcome) {
    case 'merged':
      return merged(context, baseSha, outcome.mergedSha, checks);
    case 'head-moved':
      return report({
        type: 'void-approval',
        reason: 'head-moved',
        next: 'built',
        headSha: outcome.actualSha ?? now.headSha,
      });
    case 'base-moved':
      throw new FactoryError('base-moved', 'The base branch moved during the merge.', {
        fix: 'Retry; the checks run again on the merge result.',
        retryable: true,
      });
    case 'waits':
      return {
        artifacts: [],
        decide: (task, step, meta) =>
          decideStep(
            { type: 'wait', kind: 'dirty-clone', who: approval.approver, text: outcome.reason },
            task,
            step,
            meta,
          ),
      };
  }
}

/** The base moved since the checks ran: they run again on what would land. */
async function checkMergeResult(
  tools: StepTools,
  context: StepContext,
  repo: RepositoryRef,
  baseSha: string,
  mergeSha: string,
): Promise<{ failed: StepReport } | { failed: null; checks: EventBodies['pull-request.merged']['checks'] }> {
  const { task, signal } = context;
  const plan = await planChecks(tools, repo, baseSha, baseSha);
  if (plan.checks.length === 0) return { failed: null, checks: null };
  const probe = await tools.sandbox.probe();
  if (!probe.ok) {
    const text = `${probe.reason} ${probe.fix}`;
    return {
      failed: {
        artifacts: [],
        decide: (now, step, meta) =>
          decideStep(
            { type: 'wait', kind: 'sandbox', who: 'the person who runs the workbench', text },
            now,
            step,
            meta,
          ),
      },
    };
  }
  const lock = BehaviourLockPacket.parse(await context.artifact(requireHash(task.artifacts.lock, 'behaviour lock')));
  const baseline =
    lock.baselineArtifact === null ? null : ((await context.artifact(lock.baselineArtifact)) as CheckReport);
  const head = await runAt(tools, repo, plan, mergeSha, signal);
  const verdict = judge({ base: baseline, head, criteria: (await readBrief(context)).criteria });
  if (verdict.outcome !== 'failed') return { failed: null, checks: checkRunsOf(head, 'merge-result') };
  const blocker = jsonArtifact('packet', {
    ...packetHeaderOf(task, 'vera', 'person'),
    type: 'blocker',
    code: 'checks-failed',
    reason: 'The base moved, and together with it this change fails its checks.',
    fix: 'Paste a version that fits the present base, then retry.',
    findings: verdict.findings.map(({ text }) => text),
  } satisfies BlockerPacket);
  return {
    failed: report(
      { type: 'void-and-block', reason: 'checks-failed', artifact: blocker.hash, waitsFor: task.requester },
      [blocker],
    ),
  };
}

async function merged(
  context: StepContext,
  baseSha: string,
  mergedSha: string,
  checks: EventBodies['pull-request.merged']['checks'],
): Promise<StepReport> {
  const brief = await readBrief(context);
  const note = textArtifact('memory-note', 'text/markdown', writeMemoryNote(context.task, brief, mergedSha));
  return report({ type: 'record-merge', baseSha, mergedSha, checks, memoryNote: note.hash }, [note]);
}

function report(command: ReviewStepCommand, artifacts: StepReport['artifacts'] = []): StepReport {
  return { artifacts, decide: (task: Task, step, meta) => decideReviewStep(command, task, step, meta) };
}
