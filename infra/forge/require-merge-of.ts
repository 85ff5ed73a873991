import { type Mirror, requireCommit } from '#infra/git/mirror.ts';
import { requireSha } from '#infra/git/ref-names.ts';
import { FactoryError } from '#src/errors.ts';
import { isInHistory, parentsOf } from '#infra/git/ancestry.ts';

/** What was approved: the head, the base that it was looked at on, and the prepared merge of the two. */
export interface ApprovedMerge {
  headSha: string;
  baseSha: string;
  mergeSha: string;
}

/** The commit to land must merge exactly what was approved, into exactly the base that was looked at, and something at all. */
export async function requireMergeOf(mirror: Mirror, { headSha, baseSha, mergeSha }: ApprovedMerge): Promise<void> {
  for (const sha of [headSha, baseSha, mergeSha]) await requireCommit(mirror, requireSha(sha, 'A commit of the merge'));
  const [first, second, ...more] = await parentsOf(mirror, mergeSha);
  if (first === baseSha && second === headSha && more.length === 0 && !(await isInHistory(mirror, headSha, baseSha)))
    return;
  throw new FactoryError(
    'merge-refused',
    `${mergeSha.slice(0, 12)} is not the merge of ${headSha.slice(0, 12)} into ${baseSha.slice(0, 12)} that was approved.`,
    { fix: 'Prepare the merge again and ask for a new approval.' },
  );
}
