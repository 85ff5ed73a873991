import type { TaskBrief } from '#src/backlog/task-brief.ts';
import { decideStep } from '#src/code-factory/decide.ts';
import type { Step, StepContext } from '#src/code-factory/step.ts';
import { FactoryError } from '#src/errors.ts';
import { jsonArtifact, textArtifact } from '#src/ledger/artifact.ts';
import { BehaviourLockPacket } from '#src/packets/behaviour-lock.ts';
import { BuildResultPacket } from '#src/packets/build-result.ts';
import { PlanPacket } from '#src/packets/plan.ts';
import type { RepositoryRef } from '#src/ports/workspace.ts';
import { readBrief } from '../tools/brief.ts';
import { commitMessage, personaIdentity } from '../tools/commit-message.ts';
import { applyEdits } from '../tools/edits.ts';
import { importPolicy } from '../tools/import-policy.ts';
import { needsSandbox } from '../tools/needs-sandbox.ts';
import { packetHeaderOf, readPacket } from '../tools/packet-header.ts';
import { repositoryOf, rulesAt } from '../tools/repository.ts';
import type { StepTools } from '../tools/step-tools.ts';
import { openWorktree } from '../tools/worktree.ts';
import { writeThoughts } from './thoughts.ts';

const MAX_DIFF_BYTES = 2 * 1024 * 1024;

/** Brings the story's code onto its branch: written in the sandbox, fetched clean, scanned, pushed with a lease. */
export function createBuild(tools: StepTools): Step {
  return needsSandbox(tools, async (context) => {
    const { task, signal } = context;
    const brief = await readBrief(context);
    const lock = await readPacket(context, task.artifacts.lock, 'behaviour lock', BehaviourLockPacket);
    const plan = await readPacket(context, task.artifacts.plan, 'plan', PlanPacket);
    const repo = await repositoryOf(tools, task);
    const branch = task.branch ?? missingBranch();
    const start = lock.testsSha ?? branch.baseSha;

    const expected = await ownHead(context, branch.baseSha);
    const work = await writeCode(tools, { repo, brief, start, baseSha: branch.baseSha, at: task.committedAt, signal });
    signal.throwIfAborted();
    await push(tools, repo, branch.name, expected, work.headSha);

    const facts = await tools.workspace.diff(repo, branch.baseSha, work.headSha);
    const planned = new Set(plan.fileTargets.map((target) => target.path));
    const { text } = await tools.workspace.diffText(repo, branch.baseSha, work.headSha, MAX_DIFF_BYTES);
    const diff = textArtifact('diff', 'text/x-diff', text);
    const thoughts = textArtifact('thoughts', 'text/markdown', writeThoughts(brief, plan, lock, facts));
    const packet = BuildResultPacket.parse({
      ...packetHeaderOf(task, 'ollan', 'vera'),
      type: 'build-result',
      headSha: work.headSha,
      commits: await newCommits(tools, branch.branchId, work.commits),
      files: facts.files.map(({ path, added, removed }) => ({ path, added, removed })),
      outsidePlan: facts.files.map(({ path }) => path).filter((path) => !planned.has(path)),
      leftOut: brief.changeSet.leftOut.map(({ path, reason }) => ({ path, reason })),
      diffArtifact: diff.hash,
      thoughtsArtifact: thoughts.hash,
    });
    const artifact = jsonArtifact('packet', packet);
    return {
      artifacts: [artifact, thoughts, diff],
      decide: (now, step, meta) =>
        decideStep({ type: 'record-build', artifact: artifact.hash, headSha: work.headSha }, now, step, meta),
    };
  });
}

/**
 * What the factory itself left on the branch. The task's head may be a person's push that a review took up; a lease on
 * that would lose their commits.
 */
async function ownHead(context: StepContext, baseSha: string): Promise<string> {
  const { build } = context.task.artifacts;
  return build === null ? baseSha : (await readPacket(context, build, 'build result', BuildResultPacket)).headSha;
}

/** The same code makes the same commit again; each is told once. */
async function newCommits(
  tools: Pick<StepTools, 'unitOfWork'>,
  branchId: string,
  commits: readonly { sha: string; title: string }[],
): Promise<{ sha: string; title: string }[]> {
  const known = new Set((await tools.unitOfWork.tables.find('git_commits', { branchId })).map(({ sha }) => sha));
  return commits.filter(({ sha }) => !known.has(sha));
}

interface Writing {
  repo: RepositoryRef;
  brief: TaskBrief;
  /** The commit to build on: the locked tests, or the base. */
  start: string;
  baseSha: string;
  at: string;
  signal: AbortSignal;
}

async function writeCode(tools: StepTools, { repo, brief, start, baseSha, at, signal }: Writing) {
  const code = brief.changeSet.edits.filter((edit) => !edit.isTest);
  const worktree = await openWorktree(tools, repo, start, signal);
  try {
    await applyEdits(worktree, code, signal);
    const message = commitMessage(brief, code, brief.title);
    const committed =
      code.length === 0 ? null : await worktree.commit({ message, identity: personaIdentity('ollan'), at }, signal);
    if (committed === null && start === baseSha) {
      throw new FactoryError(
        'nothing-to-change',
        `The branch already has everything that the conversation holds for "${brief.title}".`,
        {
          fix: 'Stop the task, or paste the code that is still missing.',
        },
      );
    }
    return await worktree.bringOut(baseSha, importPolicy(await rulesAt(tools, repo, baseSha)), signal);
  } finally {
    await worktree.dispose();
  }
}

async function push(
  tools: StepTools,
  repo: RepositoryRef,
  branch: string,
  expectedSha: string,
  sha: string,
): Promise<void> {
  const { outcome, actualSha } = await tools.forge.push(repo, branch, expectedSha, sha);
  if (outcome !== 'moved') return;
  throw new FactoryError('branch-moved', `Somebody pushed to ${branch} (${actualSha?.slice(0, 7) ?? 'it is gone'}).`, {
    fix: 'Move their commits to another branch, then retry; nothing of theirs was overwritten.',
  });
}

function missingBranch(): never {
  throw new FactoryError('missing-packet', 'This task has no branch.', {
    fix: 'Stop the task and commit its story again.',
  });
}
