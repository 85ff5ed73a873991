import { FactoryError } from '#src/errors.ts';

/** Somebody's commits are on the branch, or it is gone. Nothing of theirs is ever pushed over. */
export function branchMoved(branch: string, actualSha: string | null): FactoryError {
  if (actualSha === null) {
    return new FactoryError('branch-moved', `Somebody deleted the branch ${branch}.`, {
      fix: 'Restore it there and retry, or stop this task and commit its story again.',
    });
  }
  return new FactoryError('branch-moved', `Somebody pushed to ${branch} (${actualSha.slice(0, 7)}).`, {
    fix: 'Move their commits to another branch, then retry; nothing of theirs was overwritten.',
  });
}
