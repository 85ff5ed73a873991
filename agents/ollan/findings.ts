import type { StepContext } from '#src/code-factory/step.ts';
import { allRuns, failedCases } from '#src/qa/report.ts';
import type { CheckReport, CheckRun } from '#src/qa/report.ts';
import { cleanLine } from '#src/safety/clean-text.ts';
import { wrapOutsideText } from '#src/safety/wrap-outside-text.ts';
import type { LastBuild } from './last-build.ts';

const MAX_FINDINGS = 20;
const MAX_CASES = 8;
const MAX_CHECK_CHARACTERS = 5_000;
const MAX_REASON_CHARACTERS = 2_000;

/** What was wrong with the last build, for whoever mends it: the verdict, what its checks printed, who sent it back. */
export async function findingsText({ artifact }: Pick<StepContext, 'artifact'>, last: LastBuild): Promise<string> {
  const parts: string[] = [`An earlier go at this task ended at ${last.packet.headSha}. Mend what was wrong with it.`];
  if (last.packet.handedBackBy !== null)
    parts.push(
      `${cleanLine(last.packet.handedBackBy)} worked on it too: build on what they wrote, and undo none of it without need.`,
    );
  if (last.verdict?.outcome === 'failed') {
    const found = last.verdict.findings.slice(0, MAX_FINDINGS).map(({ text }) => `- ${text}`);
    parts.push(outside('the verdict on it', ['Its checks failed:', ...found].join('\n'), MAX_CHECK_CHARACTERS));
    const report = (await artifact(last.verdict.reportArtifact)) as CheckReport;
    for (const run of allRuns(report).filter(({ exitCode }) => exitCode !== 0))
      parts.push(outside(`output of check ${run.name}`, describe(run), MAX_CHECK_CHARACTERS));
  }
  if (last.sentBack !== null) {
    const { reason, findings } = last.sentBack;
    parts.push(outside('why it was sent back', [reason, ...findings].join('\n'), MAX_REASON_CHARACTERS));
  }
  return parts.join('\n\n');
}

function describe(run: CheckRun): string {
  const failed = failedCases(run).slice(0, MAX_CASES);
  const ended = run.exitCode === null ? `was ended (${run.endedBy ?? 'signal'})` : `ended with ${run.exitCode}`;
  return [
    `\`${run.command}\` ${ended}.`,
    ...failed.map(({ name, message }) => `Failed: ${name}${message === null ? '' : `\n${message}`}`),
    run.outputTail,
  ].join('\n\n');
}

function outside(origin: string, text: string, maxCharacters: number): string {
  return wrapOutsideText({ origin, text, maxCharacters });
}
