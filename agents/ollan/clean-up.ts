import { FactoryError } from '#src/errors.ts';
import type { BuildResultPacket } from '#src/packets/build-result.ts';
import type { ImportedWork } from '#src/ports/workspace.ts';
import { coverageFell } from '#src/qa/coverage.ts';
import type { LineCoverage } from '#src/qa/coverage.ts';
import type { CheckPlan } from '#src/qa/detect-checks.ts';
import { think } from '../thinking/think.ts';
import type { ThinkDependencies } from '../thinking/assignment.ts';
import { codeTools } from '../thinking/tools/code-tools.ts';
import { personaIdentity } from '../tools/commit-message.ts';
import { commitFiles } from '../tools/commit-files.ts';
import { modelWords } from '../tools/model-words.ts';
import { watchWrites } from '../thinking/tools/watch-writes.ts';
import type { FileContents } from '../tools/commit-files.ts';
import type { Worktree } from '../tools/worktree.ts';
import { writtenMessage } from '../tools/written-message.ts';
import { ollan } from './persona.ts';
import { OllanAnswer } from './answer.ts';
import type { BuildJob } from './build-job.ts';
import { CLEAN_UP_INSTRUCTIONS } from './instructions.ts';
import { mayEditCode, mayEditOnly } from './may-edit.ts';
import { measureChecks } from './measured-checks.ts';

const MAX_CALLS = 20;
/** Faults of the model's answer: the work is green without a clean-up, so it goes on without one. */
const GIVEN_UP = new Set(['answer-unusable', 'model-refused', 'going-in-circles', 'model-window-too-small']);

export interface GreenWork {
  work: ImportedWork;
  /** Stands at the work's head, with its checks already run in it. */
  worktree: Worktree;
  /** What the work wrote, without tests. */
  files: readonly string[];
  plan: CheckPlan;
  /** Coverage of these files; null: it cannot be measured here. */
  before: LineCoverage | null;
}

export interface CleanedUp {
  /** null: nothing of it was kept. */
  work: ImportedWork | null;
  result: NonNullable<BuildResultPacket['cleanUp']>;
}

/**
 * One more look at the files that the work touched. It is kept only if the checks stay green and coverage does not
 * fall; else the head stays what it was before.
 */
export async function cleanUp(job: BuildJob, green: GreenWork, thinking: ThinkDependencies): Promise<CleanedUp> {
  const { files } = green;
  if (files.length === 0) return dropped('No code was touched besides tests, so there was nothing to clean up.');
  if (green.before === null) return dropped('Coverage cannot be measured here, so nothing was cleaned up.');
  const tidied = await tidy(job, green, files, thinking);
  if ('reason' in tidied) return dropped(tidied.reason);
  const { tools, context, repo, brief, branch, policy } = job;
  const { work, plan, before } = green;
  const committed = await commitFiles(
    tools,
    {
      repo,
      fromSha: work.headSha,
      baseSha: branch.baseSha,
      files: tidied.files,
      identity: personaIdentity('ollan'),
      message: writtenMessage(brief, {
        title: `Clean up after ${brief.title}`,
        summary: tidied.summary,
        model: thinking.calls.model,
      }),
      at: context.task.committedAt,
      policy,
    },
    context.signal,
  );
  if (committed === null) return dropped('There was nothing to clean up.');
  try {
    const left = files.filter((path) => tidied.files.get(path) !== null);
    const after = await measureChecks(
      committed.worktree,
      { plan, sha: committed.work.headSha, files: left },
      context.signal,
    );
    if (!after.isGreen) return dropped('The checks did not stay green, so the clean-up was taken back.');
    if (after.coverage === null || coverageFell(before, after.coverage))
      return dropped(`Coverage fell${percentages(before, after.coverage)}, so the clean-up was taken back.`);
    return { work: committed.work, result: { kept: true, reason: tidied.summary || 'The files were tidied.' } };
  } finally {
    await committed.worktree.dispose();
  }
}

async function tidy(
  { context, lock, policy }: BuildJob,
  { worktree, work, plan }: GreenWork,
  files: readonly string[],
  thinking: ThinkDependencies,
): Promise<{ files: FileContents; summary: string } | { reason: string }> {
  const mayEdit = mayEditOnly(files, mayEditCode(policy.protectedPaths, lock.testFiles));
  // What the checks wrote is no work of anybody's.
  await worktree.git(['reset', '--hard', '--quiet', work.headSha], context.signal);
  const watched = watchWrites(worktree, codeTools(worktree, { mayEdit, plan, sha: work.headSha }));
  try {
    const answer = await think(
      {
        persona: ollan,
        instructions: CLEAN_UP_INSTRUCTIONS,
        material: `The files that your work touched:\n${files.map((path) => `- ${path}`).join('\n')}`,
        answer: { name: 'clean-up', schema: OllanAnswer, problems: () => [] },
        tools: watched.tools,
        maxCalls: MAX_CALLS,
      },
      thinking,
    );
    if (answer.blocker !== null) return { reason: 'Ollan found no way to clean up.' };
    return { files: watched.files, summary: modelWords(answer.summary) };
  } catch (error) {
    if (error instanceof FactoryError && GIVEN_UP.has(error.code))
      return { reason: `It was given up: ${error.message}` };
    throw error;
  }
}

function dropped(reason: string): CleanedUp {
  return { work: null, result: { kept: false, reason } };
}

function percentages(before: LineCoverage, after: LineCoverage | null): string {
  if (after === null) return ' out of sight';
  const percent = ({ covered, total }: LineCoverage) => `${((100 * covered) / Math.max(1, total)).toFixed(1)}%`;
  return ` from ${percent(before)} to ${percent(after)} of the lines`;
}
