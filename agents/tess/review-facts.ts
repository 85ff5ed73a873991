import { FactoryError } from '#src/errors.ts';
import type { Task } from '#src/code-factory/task.ts';
import type { DiffFacts, RepositoryRef } from '#src/ports/workspace.ts';
import { personaIdentity } from '../tools/commit-message.ts';
import type { StepTools } from '../tools/step-tools.ts';

/**
 * What a merge onto `baseSha` would change. While the base has not moved that is the branch's own diff; after it moved
 * it is the diff of the merge result, so that what a person approves is what lands. Throws `merge-conflict`.
 */
export async function reviewDiff(
  tools: Pick<StepTools, 'workspace'>,
  repo: RepositoryRef,
  task: Task,
  { baseSha, headSha }: { baseSha: string; headSha: string },
): Promise<{ facts: DiffFacts; moved: boolean; target: string }> {
  if (await tools.workspace.isAncestor(repo, baseSha, headSha)) {
    return { facts: await tools.workspace.diff(repo, baseSha, headSha), moved: false, target: headSha };
  }
  const preview = await tools.workspace
    .mergeCommit(repo, {
      baseSha,
      headSha,
      message: `Preview of task ${task.number}`,
      author: personaIdentity('tess'),
      at: new Date(task.committedAt),
    })
    .catch(sayWhatHelps);
  const facts = await tools.workspace.diff(repo, baseSha, preview.sha);
  return { facts: { ...facts, headSha }, moved: true, target: preview.sha };
}

export function isConflict(error: unknown): error is FactoryError {
  return error instanceof FactoryError && error.code === 'merge-conflict';
}

/** A branch keeps the base that it began with, so only a new branch can fit a base that changed the same lines. */
function sayWhatHelps(error: unknown): never {
  if (!isConflict(error)) throw error;
  throw new FactoryError(error.code, error.message, {
    fix: 'Stop this task and commit its story again: its new branch starts from the present base. Or merge the branch by hand.',
    cause: error,
  });
}
