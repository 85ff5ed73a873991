import { editsOf } from '#src/backlog/task-brief.ts';
import { decideStep } from '#src/code-factory/decide.ts';
import type { Step, StepContext } from '#src/code-factory/step.ts';
import { jsonArtifact, textArtifact } from '#src/ledger/artifact.ts';
import { BehaviourLockPacket } from '#src/packets/behaviour-lock.ts';
import { findMissingTool } from '#src/qa/missing-tool.ts';
import type { CheckReport } from '#src/qa/report.ts';
import { openThinking } from '../thinking/open-thinking.ts';
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
import type { LockBase, LockedTests } from './locked-tests.ts';
import { failsForTheTests } from './red-tests.ts';
import { writeTests } from './write-tests.ts';

/**
 * Fixes what the code must satisfy before any of it is on the branch: the base's own results, the conversation's
 * tests as the first commit (red without the code, or it is said), and the criteria as a `.feature` document. Where the
 * conversation has no tests, a model writes them, and they must be red.
 */
export function createLock(tools: StepTools): Step {
  return needsSandbox(tools, async (context) => {
    const { task, signal } = context;
    const brief = await readBrief(context);
    const repo = await repositoryOf(tools, task);
    const baseSha = requireHash(task.branch?.baseSha ?? null, 'branch');
    const plan = await planChecks(tools, repo, baseSha, baseSha);
    const baseline = plan.checks.length === 0 ? null : await runAt(tools, repo, plan, baseSha, signal);
    const base = { repo, baseSha, plan, baseline };
    const hasTests = editsOf(brief).some((edit) => edit.isTest);
    const locked = hasTests ? await lockTests(tools, context, base) : await lockWithout(tools, context, base);

    const feature = textArtifact('feature-file', 'text/x-gherkin', brief.gherkin);
    const report = baseline === null ? null : jsonArtifact('check-report', baseline);
    const packet = BehaviourLockPacket.parse({
      ...packetHeaderOf(task, 'vera', 'ollan'),
      type: 'behaviour-lock',
      testsSha: locked.testsSha,
      testFiles: locked.testFiles,
      writtenBy: locked.writtenBy,
      redOnBase: locked.redOnBase,
      baselineArtifact: report?.hash ?? null,
      featureArtifact: feature.hash,
      notes: [...baselineNotes(baseline), ...locked.notes],
      packArtifact: locked.pack?.hash ?? null,
      modelNotes: locked.modelNotes,
    });
    const artifact = jsonArtifact('packet', packet);
    return {
      artifacts: [
        feature,
        artifact,
        ...(report === null ? [] : [report]),
        ...(locked.pack === null ? [] : [locked.pack]),
      ],
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

/** The conversation's own tests, as they stand in it. */
async function lockTests(
  tools: StepTools,
  context: StepContext,
  { repo, baseSha, plan, baseline }: LockBase,
): Promise<LockedTests> {
  const { task, signal } = context;
  const brief = await readBrief(context);
  const tests = editsOf(brief).filter((edit) => edit.isTest);
  const testFiles = [...new Set(tests.map((edit) => edit.path))];
  const ofConversation = { testFiles, writtenBy: 'conversation', modelNotes: [], pack: null } as const;
  const worktree = await openWorktree(tools, repo, baseSha, signal);
  try {
    await applyEdits(worktree, tests, signal);
    const message = commitMessage(brief, tests, `Test: ${brief.title}`);
    const testsSha = await worktree.commit(
      { message, identity: personaIdentity('vera'), at: task.committedAt },
      signal,
    );
    if (testsSha === null)
      return { ...ofConversation, testsSha, redOnBase: null, notes: ['The branch has these tests already.'] };
    await worktree.bringOut(baseSha, importPolicy(await rulesAt(tools, repo, baseSha)), signal);
    // The base may have had no checks until these tests came with a way to run them.
    const withTests = plan.checks.length > 0 ? plan : await planChecks(tools, repo, testsSha, baseSha);
    if (withTests.checks.length === 0) {
      const notes = ['The repository has no way to run these tests.'];
      return { ...ofConversation, testsSha, redOnBase: null, notes };
    }
    const report = await runInWorktree(worktree, withTests, testsSha, signal);
    const redOnBase = failsForTheTests(report, baseline);
    return { ...ofConversation, testsSha, redOnBase, notes: noteOn(redOnBase) };
  } finally {
    await worktree.dispose();
  }
}

/** The conversation has no tests: a model writes them where it may be asked and something can run them. */
async function lockWithout(tools: StepTools, context: StepContext, base: LockBase): Promise<LockedTests> {
  const none = { testsSha: null, testFiles: [], writtenBy: null, redOnBase: null, modelNotes: [], pack: null };
  if (context.task.reverts !== null)
    return { ...none, notes: ['A revert brings no tests of its own; those that stay judge it.'] };
  const thinking = await openThinking(tools, context, 'lock', 'vera');
  if (thinking === null)
    return { ...none, notes: ['The conversation holds no tests; its criteria are kept as a feature file.'] };
  if (!canRunTests(base))
    return {
      ...none,
      notes: ['The conversation holds no tests, and nothing here could run any, so none were written.'],
    };
  return writeTests(tools, context, base, thinking);
}

function canRunTests({ baseline }: LockBase): boolean {
  if (baseline === null || (baseline.prepare !== null && baseline.prepare.exitCode !== 0)) return false;
  return baseline.checks.some((check) => findMissingTool(check) === null);
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
