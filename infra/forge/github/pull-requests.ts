import type { RestEndpointMethodTypes } from '@octokit/rest';
import { FactoryError } from '#src/errors.ts';
import type { PullRequestState } from '#src/ports/forge.ts';
import { faultError, isNotFound, isUnclear } from './call-fault.ts';
import type { GitHubClient } from './create-client.ts';
import type { RepositoryName } from './repository-name.ts';

export type PullRequest = RestEndpointMethodTypes['pulls']['get']['response']['data'];

/** FactoryError `pull-request-not-found`, or that of the call. */
export async function readOnGitHub(
  client: GitHubClient,
  { owner, name }: RepositoryName,
  number: number,
): Promise<PullRequest> {
  const answer = await client.attempt((octokit) => octokit.rest.pulls.get({ owner, repo: name, pull_number: number }));
  if ('value' in answer) return answer.value.data;
  if (!isNotFound(answer.fault)) throw faultError(answer.fault, `read pull request ${number}`);
  throw new FactoryError('pull-request-not-found', `${owner}/${name} has no pull request ${number}.`, {
    fix: 'Look the number up on the task; if the repository was replaced, start the task again.',
  });
}

export function stateOf(pullRequest: PullRequest): PullRequestState {
  const { state, merged, merge_commit_sha: mergedSha, merged_by: by, head } = pullRequest;
  return {
    state: merged ? 'merged' : state,
    headSha: head.sha,
    // Of an open one it is GitHub's own trial.
    mergedSha: merged ? mergedSha : null,
    ...(merged && by !== null ? { mergedBy: by.login } : {}),
  };
}

/** Closing twice is closing once. FactoryError `pull-request-merged`. */
export async function closeOnGitHub(client: GitHubClient, repository: RepositoryName, number: number): Promise<void> {
  const { merged, state } = await readOnGitHub(client, repository, number);
  if (merged) {
    throw new FactoryError('pull-request-merged', `Pull request ${number} is merged already and cannot be closed.`, {
      fix: 'To take the change back, ask for a new one that reverts it.',
    });
  }
  if (state === 'closed') return;
  const { owner, name } = repository;
  const answer = await client.attempt((octokit) =>
    octokit.rest.pulls.update({ owner, repo: name, pull_number: number, state: 'closed' }),
  );
  if ('value' in answer) return;
  if (isUnclear(answer.fault) && (await readOnGitHub(client, repository, number)).state === 'closed') return;
  throw faultError(answer.fault, `close pull request ${number}`);
}
