import type { RevertedTask } from '#src/backlog/task-brief.ts';
import type { Reverts, Task } from '#src/code-factory/task.ts';
import { FactoryError } from '#src/errors.ts';
import { cleanOutbound } from '#src/safety/outbound.ts';
import { personaIdentity } from '../tools/commit-message.ts';
import { builtWithoutModel } from './build-job.ts';
import type { BuildJob, Built } from './build-job.ts';
import { takeUp } from './take-up.ts';

/**
 * Takes a merged change back: git undoes exactly that, nobody writes it, and the commit passes the same scan as any that
 * comes out of a sandbox. FactoryError `revert-conflict`, `already-reverted`, `nothing-to-revert`, `import-refused`.
 */
export async function revertMerged(job: BuildJob, { landed }: Reverts): Promise<Built> {
  const { tools, context, repo, branch, brief, lockedSha, policy, credit } = job;
  const reverted = brief.reverts ?? briefErased();
  const { sha } = await tools.workspace.revertCommit(repo, {
    ...landed,
    ontoSha: lockedSha,
    message: `${revertMessage(context.task, brief.title, reverted)}${credit}`,
    author: personaIdentity('ollan'),
    at: new Date(context.task.committedAt),
  });
  const work = await takeUp(tools, repo, { headSha: sha, baseSha: branch.baseSha, policy });
  const summary = `Git took back what task ${reverted.number} merged; nobody wrote this.`;
  return builtWithoutModel(work, { summary });
}

/** In git's own words, with the task beside the commit. */
function revertMessage({ requester }: Task, title: string, { number, mergedSha }: RevertedTask): string {
  const message = [
    title.replaceAll(/\s+/g, ' ').trim(),
    '',
    `This reverts commit ${mergedSha}, which task ${number} merged.`,
    `Asked for by ${requester}.`,
  ].join('\n');
  return cleanOutbound(message, { goesTo: 'forge' });
}

function briefErased(): never {
  throw new FactoryError('artifact-erased', 'What this task takes back was erased.', {
    fix: 'Stop the task, and press Revert on the merged card again.',
  });
}
