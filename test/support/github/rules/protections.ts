import { matchesGlob } from 'node:path';
import type { Protection, Repository } from '../hub/types.ts';

export const OPEN_PROTECTION: Omit<Protection, 'id' | 'branch'> = {
  kind: 'protection',
  requiredChecks: [],
  isStrict: false,
  requiredApprovals: 0,
  dismissesStaleReviews: false,
  requiresLastPushApproval: false,
  requiresPullRequest: false,
  allowsForcePushes: false,
  allowsDeletions: false,
  pushers: null,
  bypass: [],
};

/** All rules that hold for a branch; `*` in their names stands for anything but a slash. */
export function protectionsOf(repository: Repository, branch: string): Protection[] {
  return repository.protections.filter((one) => one.branch === branch || matchesGlob(branch, one.branch));
}

export function needsPullRequest({ requiresPullRequest, requiredApprovals }: Protection): boolean {
  return requiresPullRequest || requiredApprovals > 0;
}
