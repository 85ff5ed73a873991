import type { FarSide } from '#infra/git/far-side.ts';
import { fetchInto, hasCommit, type Mirror, readHeads } from '#infra/git/mirror.ts';
import { FactoryError } from '#src/errors.ts';
import type { MergeMethod, MergeOutcome } from '#src/ports/forge.ts';
import type { Log } from '#src/ports/log.ts';
import type { RepositoryRef } from '#src/ports/workspace.ts';
import { type ApprovedMerge, requireMergeOf } from '../require-merge-of.ts';
import { type CallFault, faultError } from './call-fault.ts';
import type { GitHubClient } from './create-client.ts';
import { mergeMessage } from './merge-message.ts';
import { mergeMethodsOnGitHub } from './merge-method.ts';
import { type PullRequest, readOnGitHub } from './pull-requests.ts';
import { type RepositoryName, repositoryAt } from './repository-name.ts';

interface MergeTools {
  client: GitHubClient;
  mirror: Mirror;
  side: FarSide;
  log: Log;
}

/** Not mergeable now, by a rule of the repository. */
const NOT_ALLOWED = 405;
/** A review would do, in the words of branch protection and of rulesets: nothing else in the answer tells. */
const ASKS_FOR_REVIEW =
  /\b(?:approving review|review is required|code owner review|changes have been requested|require approval|must be approved)/i;
/** As in `Merge commits are not allowed on this repository.` */
const METHOD_REFUSED = /\b(?:merge commits|squash merges|rebase merges) are not allowed/i;
/** The head is another than the `sha` that was sent, or the base moved while GitHub merged. */
const MOVED = 409;

/**
 * Has GitHub merge exactly `headSha`, as the repository allows it. It looks first whether that has happened, compares head and base with what was
 * approved, and hands GitHub the head, which compares again. What GitHub does not allow waits, with GitHub's words.
 */
export async function mergeOnGitHub(
  tools: MergeTools,
  repo: RepositoryRef,
  number: number,
  merge: ApprovedMerge,
): Promise<MergeOutcome> {
  const { client, mirror } = tools;
  await requireMergeOf(mirror, merge);
  const before = await standing(tools, repo, number, merge);
  if (before.outcome !== 'ready') return before;
  const repository = repositoryAt(repo.path);
  if (before.pullRequest.draft === true) await markReady(client, repository, before.pullRequest);

  const answer = await askToMerge(tools, repository, { number, baseBranch: repo.baseBranch, merge });
  if ('value' in answer && answer.value.data.merged) return landed(tools, repo, answer.value.data.sha, merge);
  // Refused, or the answer was lost: what stands there now tells.
  const after = await standing(tools, repo, number, merge);
  if (after.outcome !== 'ready') return after;
  const fault: CallFault = 'fault' in answer ? answer.fault : { status: null, message: 'not merged', waitMs: null };
  if (fault.status === NOT_ALLOWED) {
    const isReview = ASKS_FOR_REVIEW.test(fault.message);
    return { outcome: 'waits', reason: refusal(number, fault.message), ...(isReview ? { missing: 'review' } : {}) };
  }
  if (fault.status === MOVED) {
    throw new FactoryError('base-moved', 'Somebody changed the branches during the merge.', {
      fix: 'Nothing has to be done; it is tried again.',
      retryable: true,
    });
  }
  throw faultError(fault, `merge pull request ${number}`);
}

/** In the preferred way that GitHub does not refuse. */
async function askToMerge(
  { client, mirror }: MergeTools,
  repository: RepositoryName,
  { number, baseBranch, merge }: { number: number; baseBranch: string; merge: ApprovedMerge },
) {
  const { owner, name } = repository;
  const [first = 'merge', ...others] = await mergeMethodsOnGitHub(client, repository, baseBranch);
  const ask = async (method: MergeMethod) => {
    const { title, body } = await mergeMessage(mirror, merge, method);
    return client.attempt((octokit) =>
      octokit.rest.pulls.merge({
        owner,
        repo: name,
        pull_number: number,
        sha: merge.headSha,
        merge_method: method,
        commit_title: title,
        commit_message: body,
      }),
    );
  };
  let answer = await ask(first);
  for (const method of others) {
    if (!('fault' in answer) || answer.fault.status !== NOT_ALLOWED || !METHOD_REFUSED.test(answer.fault.message))
      break;
    answer = await ask(method);
  }
  return answer;
}

type Standing = MergeOutcome | { outcome: 'ready'; pullRequest: PullRequest };

/** Where pull request and base stand now, against what was approved. */
async function standing(
  tools: MergeTools,
  repo: RepositoryRef,
  number: number,
  merge: ApprovedMerge,
): Promise<Standing> {
  const pullRequest = await readOnGitHub(tools.client, repositoryAt(repo.path), number);
  if (pullRequest.merged) {
    if (pullRequest.head.sha !== merge.headSha) return { outcome: 'head-moved', actualSha: pullRequest.head.sha };
    return landed(tools, repo, pullRequest.merge_commit_sha ?? merge.headSha, merge);
  }
  if (pullRequest.state === 'closed') {
    throw new FactoryError('pull-request-closed', `Pull request ${number} was closed and cannot be merged.`, {
      fix: 'Start the task again if its change is still wanted.',
    });
  }
  // Asked of git, which knows at once; the pull request follows its branch a moment later.
  const heads = await readHeads(tools.mirror, tools.side, [pullRequest.head.ref, repo.baseBranch]);
  const actualHead = heads.get(pullRequest.head.ref) ?? null;
  if (actualHead !== merge.headSha) return { outcome: 'head-moved', actualSha: actualHead };
  const actualBase = heads.get(repo.baseBranch);
  if (actualBase !== merge.baseSha) return { outcome: 'base-moved', actualSha: actualBase ?? merge.baseSha };
  return { outcome: 'ready', pullRequest };
}

/** Between our look and GitHub's merge somebody may have pushed to the base; then more was merged than was looked at. */
async function landed(
  { mirror, side, log }: MergeTools,
  repo: RepositoryRef,
  mergedSha: string,
  { mergeSha }: ApprovedMerge,
): Promise<MergeOutcome> {
  await fetchInto(mirror, side, repo.baseBranch);
  if ((await hasCommit(mirror, mergedSha)) && (await treeOf(mirror, mergedSha)) !== (await treeOf(mirror, mergeSha))) {
    log.warn({ repository: repo.path, mergedSha, mergeSha }, 'the base moved while GitHub merged');
  }
  return { outcome: 'merged', mergedSha };
}

async function treeOf(mirror: Mirror, sha: string): Promise<string> {
  return (await mirror.text(['rev-parse', '--verify', `${sha}^{tree}`])).trim();
}

/** Only GraphQL can do it. https://docs.github.com/en/graphql/reference/mutations#markpullrequestreadyforreview */
async function markReady(
  client: GitHubClient,
  repository: RepositoryName,
  { node_id: id, number }: PullRequest,
): Promise<void> {
  const answer = await client.attempt((octokit) =>
    octokit.graphql(
      `mutation ($id: ID!) { markPullRequestReadyForReview(input: { pullRequestId: $id }) { clientMutationId } }`,
      { id },
    ),
  );
  // It may be ready: somebody else was first, or the answer was lost.
  if ('fault' in answer && (await readOnGitHub(client, repository, number)).draft === true)
    throw faultError(answer.fault, `mark pull request ${number} as ready`);
}

function refusal(number: number, said: string): string {
  return `GitHub does not merge pull request ${number} yet: ${said}.`;
}
