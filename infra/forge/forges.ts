import type { Forge } from '#src/ports/forge.ts';
import type { RepositoryRef } from '#src/ports/workspace.ts';

/** Several forges as one: every call goes to the forge that its repository lives on. */
export function createForges(forgeOf: (repo: RepositoryRef) => Forge): Forge {
  return {
    kindOf: (repo) => forgeOf(repo).kindOf(repo),
    createBranch: (repo, branch, sha) => forgeOf(repo).createBranch(repo, branch, sha),
    push: (repo, branch, expectedSha, sha) => forgeOf(repo).push(repo, branch, expectedSha, sha),
    branchHead: (repo, branch) => forgeOf(repo).branchHead(repo, branch),
    openPullRequest: (repo, request) => forgeOf(repo).openPullRequest(repo, request),
    readPullRequest: (repo, pullRequest) => forgeOf(repo).readPullRequest(repo, pullRequest),
    readReviews: (repo, pullRequest, headSha) => forgeOf(repo).readReviews(repo, pullRequest, headSha),
    recordApproval: (repo, pullRequest, approval) => forgeOf(repo).recordApproval(repo, pullRequest, approval),
    readChecks: (repo, pullRequest, headSha) => forgeOf(repo).readChecks(repo, pullRequest, headSha),
    mergeMethod: (repo) => forgeOf(repo).mergeMethod(repo),
    merge: (repo, pullRequest, merge) => forgeOf(repo).merge(repo, pullRequest, merge),
    closePullRequest: (repo, pullRequest) => forgeOf(repo).closePullRequest(repo, pullRequest),
  };
}
