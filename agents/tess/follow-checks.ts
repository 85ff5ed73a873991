import { decideStep } from '#src/code-factory/decide.ts';
import type { StepContext, StepReport } from '#src/code-factory/step.ts';
import type { Task } from '#src/code-factory/task.ts';
import { jsonArtifact } from '#src/ledger/artifact.ts';
import type { Artifact } from '#src/ledger/artifact.ts';
import type { QaResultPacket } from '#src/packets/qa-result.ts';
import type { ForgeChecks } from '#src/ports/forge.ts';
import { countCases } from '#src/qa/report.ts';
import { decideReviewStep } from '#src/review/decide.ts';
import { findingsOfForge, reportOfForge, stillRunning } from '#src/review/forge-checks.ts';
import { checkRunsOf } from '../tools/checks.ts';
import { packetHeaderOf } from '../tools/packet-header.ts';

/** A job on GitHub is ended after six hours: https://docs.github.com/en/actions/reference/limits */
const LONGEST_CHECKS_MS = 6 * 3_600_000;

interface Followed {
  checks: ForgeChecks | null;
  /** Vera's verdict on the same head. */
  qa: QaResultPacket;
  pullRequest: Omit<NonNullable<Task['pullRequest']>, 'isClosed'>;
  /** Its generated body. */
  body: Artifact;
  /** How long they were waited for already. */
  waitedMs: number;
}

/**
 * What the forge's own checks make of a pull request that is ready otherwise. null: nothing stands in the way of asking
 * for a review. Checks that run are waited for, but not for ever: what has not ended by then, whoever decides is told. One
 * that failed sends the work back with what it says.
 */
export function followChecks({ task }: StepContext, followed: Followed): StepReport | null {
  const { checks, pullRequest, body, waitedMs } = followed;
  if (checks?.state === 'failed') return sendBack(task, followed, checks);
  if (checks?.state !== 'pending' || waitedMs >= LONGEST_CHECKS_MS) return null;
  const draft = { ...pullRequest, artifact: body.hash };
  const text = stillRunning(pullRequest.number, checks);
  return {
    artifacts: [body],
    decide: (now, step, meta) =>
      decideReviewStep({ type: 'await-checks', draft, who: 'the forge', text }, now, step, meta),
  };
}

function sendBack(task: Task, { qa, pullRequest: { headSha } }: Followed, checks: ForgeChecks): StepReport {
  const report = reportOfForge(headSha, checks);
  const kept = jsonArtifact('check-report', report);
  const packet = {
    ...packetHeaderOf(task, 'vera', 'tess'),
    type: 'qa-result',
    headSha,
    outcome: 'failed',
    proofs: qa.proofs,
    findings: findingsOfForge(checks),
    knownBefore: [],
    checks: report.checks.map((check) => {
      const { name, command, exitCode, durationMs } = check;
      return { name, command, exitCode, durationMs, ...countCases(check) };
    }),
    remarks: [],
    modelNotes: [],
    reportArtifact: kept.hash,
  } satisfies QaResultPacket;
  const artifact = jsonArtifact('packet', packet);
  return {
    artifacts: [artifact, kept],
    decide: (now, step, meta) =>
      decideStep(
        { type: 'record-forge-failure', artifact: artifact.hash, checks: checkRunsOf(report, 'forge') },
        now,
        step,
        meta,
      ),
  };
}
