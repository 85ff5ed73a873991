import type { ForgeCheck } from './forge.ts';

/** What the forge's own checks say of a branch as it is now. */
export interface BranchChecks {
  /** `path`: of a repository, as projects have it. null: there is no such branch. */
  read(path: string, branch: string): Promise<{ sha: string; runs: ForgeCheck[] } | null>;
}
