import type { Step } from '#src/code-factory/step.ts';
import { textArtifact } from '#src/ledger/artifact.ts';
import { BehaviourLockPacket } from '#src/packets/behaviour-lock.ts';
import { QaResultPacket } from '#src/packets/qa-result.ts';
import { decideReviewStep } from '#src/review/decide.ts';
import { lookAt } from '#src/review/look-at.ts';
import { mayApprove, NO_APPROVER } from '#src/review/rights.ts';
import { writePullRequestBody } from '#src/review/pull-request-body.ts';
import { noteSkippedTests } from '#src/review/skipped-tests.ts';
import { readBrief } from '../tools/brief.ts';
import { readPacket, requireHash } from '../tools/packet-header.ts';
import { repositoryOf, rightsNow } from '../tools/repository.ts';
import type { StepTools } from '../tools/step-tools.ts';
import { reviewDiff } from './review-facts.ts';

const MAX_DIFF_BYTES = 2 * 1024 * 1024;
const TEST_PATH = /(^|\/)(tests?|__tests__|spec)\/|[._](test|spec)\./;

/** Opens the pull request, or brings the open one up to date, and asks for a decision on exactly what it shows. */
export function createOpenPullRequest(tools: StepTools): Step {
  return async (context) => {
    const { task } = context;
    const brief = await readBrief(context);
    const repo = await repositoryOf(tools, task);
    const headSha = requireHash(task.headSha, 'branch head');
    const { baseSha } = await tools.workspace.refresh(repo);
    const { facts, target } = await reviewDiff(tools, repo, task, { baseSha, headSha });
    const qa = await readPacket(context, task.artifacts.qa, 'verdict', QaResultPacket);
    const lock = await readPacket(context, task.artifacts.lock, 'behaviour lock', BehaviourLockPacket);
    const tests = new Set(brief.changeSet.edits.filter((edit) => edit.isTest).map((edit) => edit.path));
    const diff = await tools.workspace.diffText(repo, baseSha, target, MAX_DIFF_BYTES);
    const notes = [
      // Of checks that passed, what is found are tests that went missing or were set aside.
      ...qa.findings.map(({ text }) => text),
      ...noteSkippedTests(diff.text),
      ...lookAt(facts, (path) => tests.has(path) || TEST_PATH.test(path)),
    ];
    const body = textArtifact(
      'pull-request-body',
      'text/markdown',
      writePullRequestBody({
        brief,
        qa,
        diff: facts,
        lookAt: notes,
        lockNotes: lock.notes,
        requester: task.requester,
      }),
    );
    context.signal.throwIfAborted();
    const pullRequest = await tools.forge.openPullRequest(repo, {
      taskId: task.taskId,
      title: brief.title,
      body: body.content,
      branch: requireHash(task.branch?.name ?? null, 'branch'),
      headSha,
    });
    const rights = await rightsNow(tools, repo, baseSha);
    const pullRequestId = task.pullRequest?.pullRequestId ?? tools.ids.next();
    return {
      artifacts: [body, textArtifact('diff', 'text/x-diff', diff.text)],
      decide: (now, step, meta) =>
        decideReviewStep(
          {
            type: 'record-pull-request',
            pullRequestId,
            number: pullRequest.number,
            url: pullRequest.url,
            baseSha,
            headSha,
            diffHash: facts.diffHash,
            artifact: body.hash,
            solo: mayApprove(task.requester, task.requester, rights).allowed,
            lookAt: notes,
            waitsFor: rights.approvers.join(', ') || NO_APPROVER,
          },
          now,
          step,
          meta,
        ),
    };
  };
}
