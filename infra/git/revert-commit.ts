import { FactoryError } from '#src/errors.ts';
import type { GitIdentity } from '#src/ports/workspace.ts';
import { isInHistory } from './ancestry.ts';
import { landedBetween } from './landed.ts';
import type { Merged } from './landed.ts';
import { mergeTrees, namesOf } from './merge-trees.ts';
import { type Mirror, requireCommit } from './mirror.ts';
import { requireSha } from './ref-names.ts';
import { writeCommit } from './write-commit.ts';

export interface Revert extends Merged {
  /** The commit of the base branch to stand on. */
  ontoSha: string;
  message: string;
  author: GitIdentity;
  at: Date;
}

/** Nobody sees these commits: they only tell git what the two sides share. */
const SCRATCH = { message: 'scratch', author: { name: 'Workbench', email: 'workbench@factory.invalid' } } as const;

/**
 * One commit on top of `ontoSha` that undoes a merged change and nothing that came later, as `git revert` would; an
 * object in the mirror, the same one for the same arguments. No ref moves. Throws FactoryError `nothing-to-revert`,
 * `already-reverted`, `revert-conflict`.
 */
export async function createRevertCommit(mirror: Mirror, revert: Revert): Promise<{ sha: string; tree: string }> {
  const { mergedSha, baseSha, headSha, ontoSha } = revert;
  for (const sha of [mergedSha, baseSha, headSha, ontoSha])
    await requireCommit(mirror, requireSha(sha, 'A commit of the revert'));
  if (!(await isInHistory(mirror, mergedSha, ontoSha))) {
    throw new FactoryError(
      'nothing-to-revert',
      `The base branch does not hold ${mergedSha.slice(0, 7)} any more, so there is nothing to take back.`,
      { fix: 'Stop this task, and look at what happened to the base branch.' },
    );
  }
  const { before, after } = await landedBetween(mirror, revert);
  // `git merge-tree --merge-base` came with git 2.40; commits that share nothing but `after` say the same to older ones.
  const scratch = (sha: string, parents: readonly string[]) =>
    writeCommit(mirror, { ...SCRATCH, tree: `${sha}^{tree}`, parents, at: revert.at });
  const shared = await scratch(after, []);
  const [ours, theirs] = [await scratch(ontoSha, [shared]), await scratch(before, [shared])];
  const { tree, conflicts } = await mergeTrees(mirror, ours, theirs);
  if (conflicts.length > 0) throw conflict(mergedSha, conflicts);
  if (tree === (await mirror.text(['rev-parse', '--verify', `${ontoSha}^{tree}`])).trim()) {
    throw new FactoryError(
      'already-reverted',
      `The base branch holds nothing of ${mergedSha.slice(0, 7)} any more: it was taken back already.`,
      { fix: 'Stop this task.' },
    );
  }
  const { message, author, at } = revert;
  return { sha: await writeCommit(mirror, { tree, parents: [ontoSha], message, author, at }), tree };
}

function conflict(mergedSha: string, files: readonly string[]): FactoryError {
  return new FactoryError(
    'revert-conflict',
    `Later work changed the same lines as ${mergedSha.slice(0, 7)} in ${namesOf(files)}.`,
    { fix: 'Take over, undo it by hand on the branch, then hand back. Or stop this task.' },
  );
}
