import { editsOf } from '#src/backlog/task-brief.ts';
import type { TaskBrief } from '#src/backlog/task-brief.ts';
import { FactoryError } from '#src/errors.ts';
import type { ImportedWork, ImportPolicy, RepositoryRef } from '#src/ports/workspace.ts';
import { commitMessage, personaIdentity } from '../tools/commit-message.ts';
import { applyEdits } from '../tools/edits.ts';
import type { StepTools } from '../tools/step-tools.ts';
import { openWorktree } from '../tools/worktree.ts';

export interface ChangeSetWork {
  repo: RepositoryRef;
  brief: TaskBrief;
  /** The commit to stand on. */
  fromSha: string;
  baseSha: string;
  /** `fromSha` holds work of its own: only what people pasted since is brought in, so that none of it is undone. */
  onTopOfWork: boolean;
  at: string;
  policy: ImportPolicy;
  /** What ends the message of the commit. */
  credit: string;
}

/** Brings the conversation's code in as it stands there, and credits the messages. Throws FactoryError `nothing-to-change`. */
export async function bringChangeSet(
  tools: StepTools,
  { repo, brief, fromSha, baseSha, onTopOfWork, at, policy, credit }: ChangeSetWork,
  signal: AbortSignal,
): Promise<ImportedWork> {
  const code = editsOf(brief).filter((edit) => (onTopOfWork ? edit.pastedBy !== undefined : !edit.isTest));
  const worktree = await openWorktree(tools, repo, fromSha, signal);
  try {
    await applyEdits(worktree, code, signal);
    const message = `${commitMessage(brief, code, brief.title)}${credit}`;
    const committed =
      code.length === 0 ? null : await worktree.commit({ message, identity: personaIdentity('ollan'), at }, signal);
    if (committed === null && fromSha === baseSha) throw nothingToChange(brief);
    return await worktree.bringOut(baseSha, policy, signal);
  } finally {
    await worktree.dispose();
  }
}

function nothingToChange(brief: TaskBrief): FactoryError {
  return new FactoryError(
    'nothing-to-change',
    `The branch already has everything that the conversation holds for "${brief.title}".`,
    { fix: 'Stop the task, or paste the code that is still missing.' },
  );
}
