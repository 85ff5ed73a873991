import type { StepContext } from '#src/code-factory/step.ts';
import type { EventBodies } from '#src/ledger/event-types.ts';
import { BehaviourLockPacket } from '#src/packets/behaviour-lock.ts';
import type { RepositoryRef } from '#src/ports/workspace.ts';
import type { CheckReport } from '#src/qa/report.ts';
import { judge } from '#src/qa/verdict.ts';
import { readBrief } from '../tools/brief.ts';
import { checkRunsOf, planChecks, runAt } from '../tools/checks.ts';
import { readPacket } from '../tools/packet-header.ts';
import type { StepTools } from '../tools/step-tools.ts';

/** What the checks say of a merge result. `checks` is null where there was nothing to run. */
export type MergeResultChecks =
  | { outcome: 'passed'; checks: EventBodies['pull-request.merged']['checks'] }
  | { outcome: 'failed'; findings: string[] }
  | { outcome: 'waits'; text: string };

/** The base moved since the checks ran: they run again on what would land. */
export async function checkMergeResult(
  tools: StepTools,
  context: StepContext,
  repo: RepositoryRef,
  baseSha: string,
  mergeSha: string,
): Promise<MergeResultChecks> {
  // As on the branch: the base says what is run, and only where it has nothing may the change bring some.
  const ofBase = await planChecks(tools, repo, baseSha, baseSha);
  const plan = ofBase.checks.length > 0 ? ofBase : await planChecks(tools, repo, mergeSha, baseSha);
  if (plan.checks.length === 0) return { outcome: 'passed', checks: null };
  const probe = await tools.sandbox.probe();
  if (!probe.ok) return { outcome: 'waits', text: `${probe.reason} ${probe.fix}` };
  const lock = await readPacket(context, context.task.artifacts.lock, 'behaviour lock', BehaviourLockPacket);
  const base = lock.baselineArtifact === null ? null : ((await context.artifact(lock.baselineArtifact)) as CheckReport);
  const head = await runAt(tools, repo, plan, mergeSha, context.signal);
  const verdict = judge({ base, head, criteria: (await readBrief(context)).criteria });
  if (verdict.outcome === 'failed') return { outcome: 'failed', findings: verdict.findings.map(({ text }) => text) };
  return { outcome: 'passed', checks: checkRunsOf(head, 'merge-result') };
}
