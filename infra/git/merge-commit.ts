import { FactoryError } from '#src/errors.ts';
import type { GitIdentity } from '#src/ports/workspace.ts';
import { mergeTrees, namesOf } from './merge-trees.ts';
import { type Mirror, requireCommit } from './mirror.ts';
import { requireSha } from './ref-names.ts';
import { writeCommit } from './write-commit.ts';

/** The merge of head into base as an object in the mirror, the same one for the same arguments; no ref moves. */
export async function createMergeCommit(
  mirror: Mirror,
  merge: { baseSha: string; headSha: string; message: string; author: GitIdentity; at: Date },
): Promise<{ sha: string; tree: string }> {
  await requireCommit(mirror, requireSha(merge.baseSha, 'The base'));
  await requireCommit(mirror, requireSha(merge.headSha, 'The head'));
  const { tree, conflicts } = await mergeTrees(mirror, merge.baseSha, merge.headSha);
  if (conflicts.length > 0) throw conflict(conflicts);
  const { message, author, at } = merge;
  const sha = await writeCommit(mirror, { tree, parents: [merge.baseSha, merge.headSha], message, author, at });
  return { sha, tree };
}

function conflict(files: readonly string[]): FactoryError {
  return new FactoryError(
    'merge-conflict',
    `The work and the base branch changed the same lines in ${namesOf(files)}.`,
    {
      fix: 'Have the work done again on the new base, or merge the branch by hand.',
    },
  );
}
