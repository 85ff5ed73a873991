import { decideStep } from '#src/code-factory/decide.ts';
import type { Step, StepContext } from '#src/code-factory/step.ts';
import { jsonArtifact, textArtifact } from '#src/ledger/artifact.ts';
import { BehaviourLockPacket } from '#src/packets/behaviour-lock.ts';
import type { RepositoryRef } from '#src/ports/workspace.ts';
import type { CheckPlan } from '#src/qa/detect-checks.ts';
import { findMissingTool } from '#src/qa/missing-tool.ts';
import type { CheckReport } from '#src/qa/report.ts';
import { readBrief } from '../tools/brief.ts';
import { checkRunsOf, planChecks, runAt, runInWorktree } from '../tools/checks.ts';
import { commitMessage, personaIdentity } from '../tools/commit-message.ts';
import { applyEdits } from '../tools/edits.ts';
import { importPolicy } from '../tools/import-policy.ts';
import { needsSandbox } from '../tools/needs-sandbox.ts';
import { packetHeaderOf, requireHash } from '../tools/packet-header.ts';
import { repositoryOf, rulesAt } from '../tools/repository.ts';
import type { StepTools } from '../tools/step-tools.ts';
import { openWorktree } from '../tools/worktree.ts';

interface LockedTests {
  testsSha: string | null;
  testFiles: string[];
  redOnBase: boolean | null;
  notes: string[];
}

/**
 * Fixes what the code must satisfy before any of it is on the branch: the base's own results, the conversation's
 * tests as the first commit (red without the code, or it is said), and the criteria as a `.feature` document.
 */
export function createLock(tools: StepTools): Step {
  return needsSandbox(tools, async (context) => {
    const { task, signal } = context;
    const brief = await readBrief(context);
    const repo = await repositoryOf(tools, task);
    const baseSha = requireHash(task.branch?.baseSha ?? null, 'branch');
    const plan = await planChecks(tools, repo, baseSha, baseSha);
    const baseline = plan.checks.length === 0 ? null : await runAt(tools, repo, plan, baseSha, signal);
    const locked = await lockTests(tools, context, repo, baseSha, plan, baseline);

    const feature = textArtifact('feature-file', 'text/x-gherkin', brief.gherkin);
    const report = baseline === null ? null : jsonArtifact('check-report', baseline);
    const packet = BehaviourLockPacket.parse({
      ...packetHeaderOf(task, 'vera', 'ollan'),
      type: 'behaviour-lock',
      testsSha: locked.testsSha,
      testFiles: locked.testFiles,
      redOnBase: locked.redOnBase,
      baselineArtifact: report?.hash ?? null,
      featureArtifact: feature.hash,
      notes: [...baselineNotes(baseline), ...locked.notes],
    });
    const artifact = jsonArtifact('packet', packet);
    return {
      artifacts: [feature, artifact, ...(report === null ? [] : [report])],
      decide: (now, step, meta) =>
        decideStep(
          {
            type: 'record-lock',
            artifact: artifact.hash,
            testsSha: locked.testsSha,
            redOnBase: locked.redOnBase,
            baseline: baseline === null ? null : checkRunsOf(baseline, 'baseline'),
          },
          now,
          step,
          meta,
        ),
    };
  });
}

async function lockTests(
  tools: StepTools,
  context: StepContext,
  repo: RepositoryRef,
  baseSha: string,
  plan: CheckPlan,
  baseline: CheckReport | null,
): Promise<LockedTests> {
  const { task, signal } = context;
  const brief = await readBrief(context);
  const tests = brief.changeSet.edits.filter((edit) => edit.isTest);
  const testFiles = [...new Set(tests.map((edit) => edit.path))];
  if (tests.length === 0)
    return {
      testsSha: null,
      testFiles,
      redOnBase: null,
      notes: ['The conversation holds no tests; its criteria are kept as a feature file.'],
    };

  const worktree = await openWorktree(tools, repo, baseSha, signal);
  try {
    await applyEdits(worktree, tests, signal);
    const message = commitMessage(brief, tests, `Test: ${brief.title}`);
    const testsSha = await worktree.commit(
      { message, identity: personaIdentity('vera'), at: task.committedAt },
      signal,
    );
    if (testsSha === null)
      return { testsSha: null, testFiles, redOnBase: null, notes: ['The branch has these tests already.'] };
    await worktree.bringOut(baseSha, importPolicy(await rulesAt(tools, repo, baseSha)), signal);
    // The base may have had no checks until these tests came with a way to run them.
    const withTests = plan.checks.length > 0 ? plan : await planChecks(tools, repo, testsSha, baseSha);
    if (withTests.checks.length === 0)
      return { testsSha, testFiles, redOnBase: null, notes: ['The repository has no way to run these tests.'] };
    const report = await runInWorktree(worktree, withTests, testsSha, signal);
    const redOnBase = failsForTheTests(report, baseline);
    return {
      testsSha,
      testFiles,
      redOnBase,
      notes: noteOn(redOnBase),
    };
  } finally {
    await worktree.dispose();
  }
}

function isRed(report: CheckReport): boolean {
  return (
    report.checks.some((check) => check.exitCode !== 0) || (report.prepare !== null && report.prepare.exitCode !== 0)
  );
}

/** Whether the new tests made it red. null: it was red before, and without names of tests the two cannot be told apart. */
function failsForTheTests(report: CheckReport, baseline: CheckReport | null): boolean | null {
  if (!isRed(report)) return false;
  if (baseline === null || !isRed(baseline)) return true;
  const failures = (run: CheckReport) =>
    run.checks.flatMap((check) =>
      (check.cases ?? []).filter(({ status }) => status === 'failed').map(({ name }) => `${check.name}\n${name}`),
    );
  const now = failures(report);
  if (now.length === 0) return null;
  const before = new Set(failures(baseline));
  return now.some((name) => !before.has(name));
}

function noteOn(redOnBase: boolean | null): string[] {
  if (redOnBase === true) return [];
  return redOnBase === null
    ? ['The base is red already, so whether the new tests fail without the code cannot be told.']
    : ['The new tests already pass without the code, so they prove less than they seem to.'];
}

function baselineNotes(baseline: CheckReport | null): string[] {
  if (baseline === null) return ['The repository has no checks, so nothing could be run before or after.'];
  const red = baseline.checks.filter((check) => check.exitCode !== 0);
  return red.map((check) => {
    const tool = findMissingTool(check);
    return tool === null
      ? `${check.name} fails on the base already; its failures there are shown apart.`
      : `${check.name} cannot run: ${tool} is not there where checks run.`;
  });
}
