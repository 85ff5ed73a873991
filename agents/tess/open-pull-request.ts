import { editsOf } from '#src/backlog/task-brief.ts';
import type { Step, StepContext, StepReport } from '#src/code-factory/step.ts';
import { taskStream } from '#src/code-factory/task.ts';
import type { Task } from '#src/code-factory/task.ts';
import { textArtifact } from '#src/ledger/artifact.ts';
import { isEvent } from '#src/ledger/event.ts';
import { BehaviourLockPacket } from '#src/packets/behaviour-lock.ts';
import { BuildResultPacket } from '#src/packets/build-result.ts';
import { QaResultPacket } from '#src/packets/qa-result.ts';
import { ScopePacket } from '#src/packets/scope.ts';
import type { RepositoryRef } from '#src/ports/workspace.ts';
import { decideReviewStep } from '#src/review/decide.ts';
import { noteForgeChecks } from '#src/review/forge-checks.ts';
import { mayApprove, NO_APPROVER } from '#src/review/rights.ts';
import { writePullRequestBody } from '#src/review/pull-request-body.ts';
import { cleanOutbound } from '#src/safety/outbound.ts';
import { readBrief } from '../tools/brief.ts';
import { allCriteria } from '../tools/criteria.ts';
import { readPacket, requireHash } from '../tools/packet-header.ts';
import { repositoryOf, rightsNow } from '../tools/repository.ts';
import type { StepTools } from '../tools/step-tools.ts';
import { findTouchedTests } from '../tools/tests-touched.ts';
import { followChecks } from './follow-checks.ts';
import { gatherNotes } from './gather-notes.ts';
import { reviewDiff } from './review-facts.ts';
import { seenByHand } from './seen-by-hand.ts';

const MAX_DIFF_BYTES = 2 * 1024 * 1024;
const TEST_PATH = /(^|\/)(tests?|__tests__|spec)\/|[._](test|spec)\./;

/** Opens the pull request, or brings the open one up to date, and asks for a decision on exactly what it shows. */
export function createOpenPullRequest(tools: StepTools): Step {
  return async (context) => {
    const { task } = context;
    const scope = await readPacket(context, task.artifacts.scope, 'scope', ScopePacket);
    const ofStory = await readBrief(context);
    const brief = { ...ofStory, criteria: allCriteria(ofStory, scope) };
    const repo = await repositoryOf(tools, task);
    const byHand = await standingByHand(tools, context, repo);
    if (byHand !== null) return byHand;
    const headSha = requireHash(task.headSha, 'branch head');
    const { baseSha } = await tools.workspace.refresh(repo);
    const { facts, target } = await reviewDiff(tools, repo, task, { baseSha, headSha });
    const qa = await readPacket(context, task.artifacts.qa, 'verdict', QaResultPacket);
    const lock = await readPacket(context, task.artifacts.lock, 'behaviour lock', BehaviourLockPacket);
    const build = await readPacket(context, task.artifacts.build, 'build result', BuildResultPacket);
    // Looked for again, for the head may be what a person pushed since.
    const touched = new Set([...build.testsTouched, ...(await findTouchedTests(tools, repo, lock, facts))]);
    const tests = new Set(
      editsOf(brief)
        .filter((edit) => edit.isTest)
        .map((edit) => edit.path),
    );
    const diff = await tools.workspace.diffText(repo, baseSha, target, MAX_DIFF_BYTES);
    const { notes, risk } = await gatherNotes(
      tools,
      repo,
      {
        facts,
        target,
        diff,
        hostFiles: build.hostFiles,
        pushedOn: headSha === build.headSha ? null : (task.branch?.baseSha ?? baseSha),
        touchedTests: [...touched],
        isTest: (path) => tests.has(path) || TEST_PATH.test(path),
        qa,
      },
      context.signal,
    );
    const body = textArtifact(
      'pull-request-body',
      'text/markdown',
      cleanOutbound(
        writePullRequestBody({
          brief,
          qa,
          diff: facts,
          risk,
          lookAt: notes,
          lockNotes: lock.notes,
          build,
          requester: task.requester,
        }),
        { goesTo: 'forge' },
      ),
    );
    context.signal.throwIfAborted();
    const pullRequest = await tools.forge.openPullRequest(repo, {
      taskId: task.taskId,
      title: cleanOutbound(brief.title, { goesTo: 'forge' }),
      body: body.content,
      branch: requireHash(task.branch?.name ?? null, 'branch'),
      headSha,
    });
    const checks = await tools.forge.readChecks(repo, pullRequest, headSha);
    const asked = {
      pullRequestId: task.pullRequest?.pullRequestId ?? tools.ids.next(),
      number: pullRequest.number,
      url: pullRequest.url,
      baseSha,
      headSha,
      diffHash: facts.diffHash,
    };
    // Who pushes mostly has the checks of the head before cancelled, which is no verdict on it.
    const overtaken = checks?.state === 'failed' ? await standingByHand(tools, context, repo) : null;
    if (overtaken !== null) return overtaken;
    const waitedMs = await waitedForChecks(tools, task);
    const notYet = followChecks(context, { checks, qa, pullRequest: asked, body, waitedMs });
    if (notYet !== null) return notYet;
    const landsAs = await tools.forge.mergeMethod(repo);
    const rights = await rightsNow(tools, repo, baseSha);
    return {
      artifacts: [body, textArtifact('diff', 'text/x-diff', diff.text)],
      decide: (now, step, meta) =>
        decideReviewStep(
          {
            type: 'record-pull-request',
            ...asked,
            artifact: body.hash,
            solo: mayApprove(task.requester, task.requester, rights).allowed,
            landsAs,
            lookAt: [...noteForgeChecks(checks), ...notes],
            risk,
            waitsFor: rights.approvers.join(', ') || NO_APPROVER,
          },
          now,
          step,
          meta,
        ),
    };
  };
}

/** null: nobody did anything to it, or there is none yet. One that is known to be closed gets another in its place. */
async function standingByHand(tools: StepTools, context: StepContext, repo: RepositoryRef): Promise<StepReport | null> {
  const { pullRequest } = context.task;
  return pullRequest === null || pullRequest.isClosed ? null : seenByHand(tools, context, repo, pullRequest);
}

/** Since its checks began to be waited for; 0 where they are not yet. */
async function waitedForChecks({ unitOfWork, clock }: StepTools, task: Task): Promise<number> {
  if (task.waiting?.kind !== 'checks') return 0;
  const events = await unitOfWork.ledger.stream(taskStream(task.taskId));
  const since = events.find(
    (event) => event.position > task.statusPosition && isEvent(event, 'task.waiting') && event.body.kind === 'checks',
  );
  return since === undefined ? 0 : clock.now().getTime() - Date.parse(since.at);
}
