import { decideStep } from '#src/code-factory/decide.ts';
import type { Step } from '#src/code-factory/step.ts';
import { FactoryError } from '#src/errors.ts';
import { jsonArtifact } from '#src/ledger/artifact.ts';
import { BehaviourLockPacket } from '#src/packets/behaviour-lock.ts';
import { PlanPacket } from '#src/packets/plan.ts';
import { QaResultPacket } from '#src/packets/qa-result.ts';
import { ScopePacket } from '#src/packets/scope.ts';
import type { RepositoryRef } from '#src/ports/workspace.ts';
import { countCases } from '#src/qa/report.ts';
import type { CheckReport } from '#src/qa/report.ts';
import { toolsNeverThere } from '#src/qa/missing-tool.ts';
import { judge } from '#src/qa/verdict.ts';
import { readBrief } from '../tools/brief.ts';
import { checkRunsOf, planChecksOfChange, runAt } from '../tools/checks.ts';
import { needsSandbox } from '../tools/needs-sandbox.ts';
import { packetHeaderOf, readPacket, requireHash } from '../tools/packet-header.ts';
import { repositoryOf } from '../tools/repository.ts';
import type { StepTools } from '../tools/step-tools.ts';
import { allCriteria } from '../tools/criteria.ts';
import { remarkOn } from './remarks.ts';

const MAX_DIFF_BYTES = 256 * 1024;

/**
 * Runs the repository's own checks on the branch and judges by exit codes and named cases, against the base. A model may
 * remark on the diff afterwards; the verdict stands by then.
 */
export function createCheck(tools: StepTools): Step {
  return needsSandbox(tools, async (context) => {
    const { task, signal } = context;
    const brief = await readBrief(context);
    const repo = await repositoryOf(tools, task);
    const baseSha = requireHash(task.branch?.baseSha ?? null, 'branch');
    const headSha = requireHash(task.headSha, 'branch head');
    const lock = await readPacket(context, task.artifacts.lock, 'behaviour lock', BehaviourLockPacket);
    const baseline =
      lock.baselineArtifact === null ? null : ((await context.artifact(lock.baselineArtifact)) as CheckReport);

    const plan = await planChecksOfChange(tools, repo, { baseSha, sha: headSha });
    const report: CheckReport =
      plan.checks.length === 0
        ? { sha: headSha, prepare: null, checks: [] }
        : await runAt(tools, repo, plan, headSha, signal);
    refuseWithoutTools(toolsNeverThere(baseline, report));
    const scope = await readPacket(context, task.artifacts.scope, 'scope', ScopePacket);
    const verdict = judge({ base: baseline, head: report, criteria: allCriteria(brief, scope) });
    const reading =
      verdict.outcome === 'failed'
        ? { remarks: [], modelNotes: [] }
        : await remarkOn(tools, context, async () => ({
            scope,
            plan: await readPacket(context, task.artifacts.plan, 'plan', PlanPacket),
            diff: await diffOf(tools, repo, baseSha, headSha),
          }));

    const kept = jsonArtifact('check-report', report);
    const packet = QaResultPacket.parse({
      ...packetHeaderOf(task, 'vera', 'tess'),
      type: 'qa-result',
      headSha,
      outcome: verdict.outcome,
      proofs: verdict.proofs,
      findings: verdict.findings,
      knownBefore: verdict.knownBefore,
      checks: report.checks.map((check) => {
        const { name, command, exitCode, durationMs } = check;
        return { name, command, exitCode, durationMs, ...countCases(check) };
      }),
      ...reading,
      reportArtifact: kept.hash,
    });
    const artifact = jsonArtifact('packet', packet);
    return {
      artifacts: [artifact, kept],
      decide: (now, step, meta) =>
        decideStep(
          {
            type: 'record-verdict',
            artifact: artifact.hash,
            outcome: verdict.outcome,
            checks: checkRunsOf(report, 'head'),
          },
          now,
          step,
          meta,
        ),
    };
  });
}

async function diffOf(tools: StepTools, repo: RepositoryRef, baseSha: string, headSha: string) {
  const { text } = await tools.workspace.diffText(repo, baseSha, headSha, MAX_DIFF_BYTES);
  const { files } = await tools.workspace.diff(repo, baseSha, headSha);
  return { text, paths: files.map(({ path }) => path) };
}

/** Another attempt at the code would end the same way, so a person is asked at once. */
function refuseWithoutTools(missing: readonly { check: string; tool: string }[]): void {
  const [first] = missing;
  if (first === undefined) return;
  const tools = [...new Set(missing.map(({ tool }) => tool))].join(', ');
  throw new FactoryError(
    'check-tool-missing',
    `The checks could not run: "${first.check}" needs ${first.tool}, which is not there in the sandbox, before this change or after it.`,
    {
      fix: `Install ${tools} for all users of this machine (under /usr) and retry, or have factory.yaml on the base branch install it in "prepare" or name other checks.`,
    },
  );
}
