import { decideStep } from '#src/code-factory/decide.ts';
import type { Step } from '#src/code-factory/step.ts';
import { FactoryError } from '#src/errors.ts';
import { jsonArtifact } from '#src/ledger/artifact.ts';
import { BehaviourLockPacket } from '#src/packets/behaviour-lock.ts';
import { QaResultPacket } from '#src/packets/qa-result.ts';
import type { CheckReport } from '#src/qa/report.ts';
import { toolsNeverThere } from '#src/qa/missing-tool.ts';
import { judge } from '#src/qa/verdict.ts';
import { readBrief } from '../tools/brief.ts';
import { checkRunsOf, planChecks, runAt } from '../tools/checks.ts';
import { needsSandbox } from '../tools/needs-sandbox.ts';
import { packetHeaderOf, readPacket, requireHash } from '../tools/packet-header.ts';
import { repositoryOf } from '../tools/repository.ts';
import type { StepTools } from '../tools/step-tools.ts';

/** Runs the repository's own checks on the branch and judges by exit codes and named cases, against the base. */
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

    // The base decides what is run, so that a change cannot loosen its own checks; only where it has none may the change bring some.
    const ofBase = await planChecks(tools, repo, baseSha, baseSha);
    const plan = ofBase.checks.length > 0 ? ofBase : await planChecks(tools, repo, headSha, baseSha);
    const report: CheckReport =
      plan.checks.length === 0
        ? { sha: headSha, prepare: null, checks: [] }
        : await runAt(tools, repo, plan, headSha, signal);
    refuseWithoutTools(toolsNeverThere(baseline, report));
    const verdict = judge({ base: baseline, head: report, criteria: brief.criteria });

    const kept = jsonArtifact('check-report', report);
    const packet = QaResultPacket.parse({
      ...packetHeaderOf(task, 'vera', 'tess'),
      type: 'qa-result',
      headSha,
      outcome: verdict.outcome,
      proofs: verdict.proofs,
      findings: verdict.findings,
      knownBefore: verdict.knownBefore,
      checks: report.checks.map(({ name, command, exitCode, durationMs, cases }) => ({
        name,
        command,
        exitCode,
        durationMs,
        passed: cases === null ? null : cases.filter(({ status }) => status === 'passed').length,
        failed: cases === null ? null : cases.filter(({ status }) => status === 'failed').length,
      })),
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
