import type { PlanPacket } from '#src/packets/plan.ts';
import type { ScopePacket } from '#src/packets/scope.ts';
import { allRuns, failedCases } from '#src/qa/report.ts';
import type { CheckReport } from '#src/qa/report.ts';

const MAX_CASES = 20;

/** Packets and reports as a model reads them; protected areas stand in its pack. Without durations: the same work reads the same the second time. */
export function scopeText({ criteria, constraints, openQuestions }: ScopePacket): string {
  return [
    'Criteria:',
    ...criteria.map(({ id, text }) => `- ${id}: ${text}`),
    ...section('Constraints:', constraints),
    ...section('Open questions:', openQuestions),
  ].join('\n');
}

function section(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : [title, ...lines.map((line) => `- ${line}`)];
}

export function planText({ steps, fileTargets, tests }: Pick<PlanPacket, 'steps' | 'fileTargets' | 'tests'>): string {
  return [
    ...steps.map(({ text }, index) => `${index + 1}. ${text}`),
    ...fileTargets.map(({ path, action, why }) => `- ${action} ${path}: ${why}`),
    ...(tests.length === 0 ? [] : [`Tests: ${tests.join(', ')}`]),
  ].join('\n');
}

export function reportText(report: CheckReport): string {
  return allRuns(report)
    .map((run) => {
      const failed = failedCases(run).slice(0, MAX_CASES);
      return [
        `${run.command}: ${run.exitCode === null ? `was ended (${run.endedBy ?? 'from outside'})` : `exit code ${run.exitCode}`}`,
        ...failed.map(({ name, message }) => `failed: ${name}${message === null ? '' : `\n${message}`}`),
        ...(run.exitCode !== 0 && failed.length === 0 ? [run.outputTail] : []),
      ].join('\n');
    })
    .join('\n\n');
}
