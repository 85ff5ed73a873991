import { decideStep } from '#src/code-factory/decide.ts';
import type { Step, StepContext } from '#src/code-factory/step.ts';
import { FactoryError } from '#src/errors.ts';
import { jsonArtifact, textArtifact } from '#src/ledger/artifact.ts';
import { BehaviourLockPacket } from '#src/packets/behaviour-lock.ts';
import { BuildResultPacket } from '#src/packets/build-result.ts';
import { PlanPacket } from '#src/packets/plan.ts';
import type { RepositoryRef } from '#src/ports/workspace.ts';
import { openThinking } from '../thinking/open-thinking.ts';
import { modelNotesOf } from '../thinking/tell-notes.ts';
import { readBrief } from '../tools/brief.ts';
import { coAuthorTrailer } from '../tools/co-author.ts';
import { importPolicy } from '../tools/import-policy.ts';
import { needsSandbox } from '../tools/needs-sandbox.ts';
import { packetHeaderOf, readPacket } from '../tools/packet-header.ts';
import { repositoryOf, rulesAt } from '../tools/repository.ts';
import type { StepTools } from '../tools/step-tools.ts';
import { findTouchedTests } from '../tools/tests-touched.ts';
import { branchMoved } from './branch-moved.ts';
import type { BuildJob, Built } from './build-job.ts';
import { doWork } from './do-work.ts';
import { readLastBuild } from './last-build.ts';
import { addPages } from './pages/add-pages.ts';
import { hostFilesBefore } from './pages/host-files.ts';
import { writeThoughts } from './thoughts.ts';

const MAX_DIFF_BYTES = 2 * 1024 * 1024;

/** Brings the story's code onto its branch: written in the sandbox, fetched clean, scanned, pushed with a lease. */
export function createBuild(tools: StepTools): Step {
  return needsSandbox(tools, async (context) => {
    const job = await readJob(tools, context);
    const { branch, repo } = job;
    const thinking = await openThinking(tools, context, 'build', 'ollan');
    const made = await doWork(job, thinking);
    const { work, hostFiles } = await addPages(job, made);
    const built = { ...made, work };
    const modelNotes =
      thinking === null || built.model === null ? [] : await modelNotesOf(tools, context.task, thinking);
    context.signal.throwIfAborted();
    await push(tools, repo, branch.name, leaseOn(job), built.work.headSha);
    return reportOf(job, built, { modelNotes, hostFiles: [...hostFiles] });
  });
}

async function readJob(tools: StepTools, context: StepContext): Promise<BuildJob> {
  const { task } = context;
  const lock = await readPacket(context, task.artifacts.lock, 'behaviour lock', BehaviourLockPacket);
  const repo = await repositoryOf(tools, task);
  const branch = task.branch ?? missingBranch();
  const last = await readLastBuild(context);
  const hostFiles = await hostFilesBefore(tools, repo, task, last);
  return {
    tools,
    context,
    repo,
    branch,
    lock,
    brief: await readBrief(context),
    plan: await readPacket(context, task.artifacts.plan, 'plan', PlanPacket),
    lockedSha: lock.testsSha ?? branch.baseSha,
    policy: importPolicy(await rulesAt(tools, repo, branch.baseSha), hostFiles),
    credit: await coAuthorTrailer(tools, repo, task),
    hostFiles,
    last,
  };
}

/**
 * What the branch may be moved away from: what the factory itself left there, or what was handed back to it. The task's
 * head may also be a person's push that a review took up; a lease on that would lose their commits.
 */
function leaseOn({ context, last, branch }: BuildJob): string {
  return context.task.handedBack?.headSha ?? last?.packet.headSha ?? branch.baseSha;
}

async function reportOf(
  job: BuildJob,
  built: Built,
  { modelNotes, hostFiles }: Pick<BuildResultPacket, 'modelNotes' | 'hostFiles'>,
): ReturnType<Step> {
  const { tools, context, repo, branch, brief, plan, lock } = job;
  const { task } = context;
  const { headSha, commits } = built.work;
  const facts = await tools.workspace.diff(repo, branch.baseSha, headSha);
  const { text } = await tools.workspace.diffText(repo, branch.baseSha, headSha, MAX_DIFF_BYTES);
  const diff = textArtifact('diff', 'text/x-diff', text);
  const thoughts = textArtifact('thoughts', 'text/markdown', writeThoughts({ brief, plan, lock, facts, built }));
  const planned = new Set([
    ...plan.fileTargets.map(({ path }) => path),
    ...lock.testFiles,
    ...hostFiles.map(({ path }) => path),
  ]);
  const touched = await findTouchedTests(tools, repo, lock, facts);
  const packet = BuildResultPacket.parse({
    ...packetHeaderOf(task, 'ollan', 'vera'),
    type: 'build-result',
    headSha,
    commits: await newCommits(tools, branch.branchId, commits),
    files: facts.files.map(({ path, added, removed }) => ({ path, added, removed })),
    outsidePlan: facts.files.map(({ path }) => path).filter((path) => !planned.has(path)),
    leftOut: [
      ...(brief.changeSet?.leftOut ?? []).map(({ path, reason }) => ({ path, reason })),
      ...built.ignored.map((path) => ({ path, reason: '.gitignore keeps it out of the repository.' })),
    ],
    testsTouched: [...new Set([...touched, ...built.rewrittenTests])].toSorted(),
    cleanUp: built.cleanUp,
    summary: built.summary,
    model: built.model,
    handedBackBy: built.handedBackBy,
    revision: task.artifacts.revision,
    hostFiles,
    packArtifact: built.packArtifact,
    modelNotes,
    diffArtifact: diff.hash,
    thoughtsArtifact: thoughts.hash,
  });
  const artifact = jsonArtifact('packet', packet);
  return {
    artifacts: [artifact, thoughts, diff, ...built.artifacts],
    decide: (now, step, meta) =>
      decideStep({ type: 'record-build', artifact: artifact.hash, headSha }, now, step, meta),
  };
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

async function push(
  tools: StepTools,
  repo: RepositoryRef,
  branch: string,
  expectedSha: string,
  sha: string,
): Promise<void> {
  const { outcome, actualSha } = await tools.forge.push(repo, branch, expectedSha, sha);
  if (outcome === 'moved') throw branchMoved(branch, actualSha);
}

function missingBranch(): never {
  throw new FactoryError('missing-packet', 'This task has no branch.', {
    fix: 'Stop the task and commit its story again.',
  });
}
