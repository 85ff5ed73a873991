import { FactoryError } from '#src/errors.ts';

/** Somebody's commits are on the branch. They are never pushed over. */
export function branchMoved(branch: string, actualSha: string | null): FactoryError {
  return new FactoryError('branch-moved', `Somebody pushed to ${branch} (${actualSha?.slice(0, 7) ?? 'it is gone'}).`, {
    fix: 'Move their commits to another branch, then retry; nothing of theirs was overwritten.',
  });
}
