import * as z from 'zod';
import type { CheckPlan } from '#src/qa/detect-checks.ts';
import type { CheckReport } from '#src/qa/report.ts';
import { runInWorktree } from '../../tools/checks.ts';
import type { Worktree } from '../../tools/worktree.ts';
import { defineTool } from '../tool.ts';
import type { ModelTool } from '../tool.ts';
import { describeCheck, describeFailedPreparation } from './describe-check.ts';
import { keepTree } from './keep-tree.ts';
import { refused } from './refused.ts';

export interface CheckTool {
  tool: ModelTool;
  /** What the checks need may be different now: it is prepared anew before the next one. */
  prepareAgain(): void;
}

/** Runs one of the project's own checks, by its name, without network. It leaves the tree as it was. */
export function runCheck(worktree: Worktree, plan: CheckPlan | null, sha: string): CheckTool {
  const checks = plan?.checks ?? [];
  const names = checks.map(({ name }) => JSON.stringify(name)).join(', ');
  let isPrepared = false;

  const prepare = async (signal: AbortSignal): Promise<CheckReport | null> => {
    if (isPrepared || plan === null || plan.prepare === null) return null;
    const nothing = { name: 'prepare', command: 'true', report: null, env: {}, timeoutSeconds: 60 };
    const report = await runInWorktree(worktree, { ...plan, checks: [nothing] }, sha, signal);
    signal.throwIfAborted();
    isPrepared = report.prepare?.exitCode === 0;
    return isPrepared ? null : report;
  };

  const tool = defineTool({
    name: 'run_check',
    description:
      checks.length === 0
        ? 'Runs a check of the project. This project has none.'
        : `Runs one check of the project by its name: ${names}. Files of the repository that it writes are put back.`,
    arguments: z.strictObject({ name: z.string() }),
    mutates: false,
    run: async ({ name }, signal) => {
      const check = checks.find((one) => one.name === name);
      if (plan === null || check === undefined) {
        throw refused(
          `There is no check ${JSON.stringify(name.slice(0, 200))}.`,
          checks.length === 0 ? 'This project has no checks; go on without.' : `The checks are ${names}.`,
        );
      }
      const unprepared = await prepare(signal);
      if (unprepared !== null) return describeFailedPreparation(unprepared);
      const alone: CheckPlan = { ...plan, prepare: null, checks: [check] };
      const { value, undone } = await keepTree(worktree, () => runInWorktree(worktree, alone, sha, signal), signal);
      return describeCheck(value, undone);
    },
  });
  return {
    tool,
    prepareAgain: () => {
      isPrepared = false;
    },
  };
}
