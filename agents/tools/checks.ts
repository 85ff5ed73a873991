import type { EventBodies } from '#src/ledger/event-types.ts';
import type { RepositoryRef } from '#src/ports/workspace.ts';
import { detectChecks } from '#src/qa/detect-checks.ts';
import type { CheckPlan } from '#src/qa/detect-checks.ts';
import { allRuns, countCases } from '#src/qa/report.ts';
import type { CheckReport } from '#src/qa/report.ts';
import { runChecks } from '#src/qa/run-checks.ts';
import { rulesAt } from './repository.ts';
import type { StepTools } from './step-tools.ts';
import { openWorktree, REPO_DIR } from './worktree.ts';
import type { Worktree } from './worktree.ts';

type CheckRuns = EventBodies['qa.passed']['checks'];

/** The checks that the tree at `sha` asks for, under the rules of `rulesSha` on the base branch. */
export async function planChecks(
  tools: Pick<StepTools, 'workspace' | 'settings'>,
  repo: RepositoryRef,
  sha: string,
  rulesSha: string,
): Promise<CheckPlan> {
  const tree = await tools.workspace.listTree(repo, sha);
  const readText = async (path: string): Promise<string | null> => {
    const file = await tools.workspace.readFile(repo, sha, path);
    return file === null ? null : new TextDecoder().decode(file);
  };
  return detectChecks(
    tree.map((entry) => entry.path),
    readText,
    await rulesAt(tools, repo, rulesSha),
    tools.settings.registryHosts === null ? {} : { registryHosts: tools.settings.registryHosts },
  );
}

/**
 * The checks that a change is judged by: those of the base, so that it cannot loosen its own; only where the base has
 * none may the change at `sha` bring some.
 */
export async function planChecksOfChange(
  tools: Pick<StepTools, 'workspace' | 'settings'>,
  repo: RepositoryRef,
  { baseSha, sha }: { baseSha: string; sha: string },
): Promise<CheckPlan> {
  const ofBase = await planChecks(tools, repo, baseSha, baseSha);
  return ofBase.checks.length > 0 ? ofBase : planChecks(tools, repo, sha, baseSha);
}

/** Runs a plan in a worktree that is already open. */
export async function runInWorktree(
  worktree: Worktree,
  plan: CheckPlan,
  sha: string,
  signal: AbortSignal,
): Promise<CheckReport> {
  return runChecks(worktree.workspace, plan, { sha, cwd: REPO_DIR, signal });
}

/** Checks out `sha` in a fresh sandbox and runs the plan there. */
export async function runAt(
  tools: StepTools,
  repo: RepositoryRef,
  plan: CheckPlan,
  sha: string,
  signal: AbortSignal,
): Promise<CheckReport> {
  const worktree = await openWorktree(tools, repo, sha, signal);
  try {
    return await runInWorktree(worktree, plan, sha, signal);
  } finally {
    await worktree.dispose();
  }
}

/** What the ledger keeps of a report: names, exit codes, counts. */
export function checkRunsOf(report: CheckReport, phase: CheckRuns['phase']): CheckRuns {
  return {
    phase,
    sha: report.sha,
    runs: allRuns(report).map((run) => {
      const { name, exitCode, durationMs } = run;
      return { name, exitCode, durationMs, ...countCases(run) };
    }),
  };
}
