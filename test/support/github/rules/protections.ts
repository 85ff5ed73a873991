import { matchesGlob } from 'node:path';
import type { MergeMethod, Protection, Repository } from '../hub/types.ts';

export const OPEN_PROTECTION: Omit<Protection, 'id' | 'branch'> = {
  kind: 'protection',
  requiredChecks: [],
  isStrict: false,
  requiredApprovals: 0,
  dismissesStaleReviews: false,
  requiresLastPushApproval: false,
  requiresPullRequest: false,
  requiresLinearHistory: false,
  mergeMethods: null,
  allowsForcePushes: false,
  allowsDeletions: false,
  pushers: null,
  bypass: [],
};

/** All rules that hold for a branch; `*` in their names stands for anything but a slash. */
export function protectionsOf(repository: Repository, branch: string): Protection[] {
  return repository.protections.filter((one) => one.branch === branch || matchesGlob(branch, one.branch));
}

export function needsPullRequest({ requiresPullRequest, requiredApprovals, mergeMethods }: Protection): boolean {
  return requiresPullRequest || requiredApprovals > 0 || mergeMethods !== null;
}

/** Whether the merge button may do that for a branch. */
export function allowsMethod(repository: Repository, branch: string, method: MergeMethod): boolean {
  return (
    repository.mergeMethods.has(method) &&
    protectionsOf(repository, branch).every(
      ({ mergeMethods, requiresLinearHistory }) =>
        (mergeMethods?.includes(method) ?? true) && !(requiresLinearHistory && method === 'merge'),
    )
  );
}
