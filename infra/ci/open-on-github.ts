import { faultError } from '#infra/forge/github/call-fault.ts';
import type { GitHubClient } from '#infra/forge/github/create-client.ts';
import { repositoryAt } from '#infra/forge/github/repository-name.ts';
import type { PullRequestRef } from '#src/ports/forge.ts';
import type { RepositoryRef } from '#src/ports/workspace.ts';
import { CI_BRANCH } from './propose.ts';

export type OpenedProposal = PullRequestRef & { state: 'opened' | 'open' | 'closed' };

/**
 * The draft pull request of the proposal: the one that was opened before, as it is, else a new one. One of this very
 * head that a person closed is not opened again.
 */
export async function openProposal(
  client: GitHubClient,
  repo: RepositoryRef,
  { headSha, title, body }: { headSha: string; title: string; body: string },
): Promise<OpenedProposal> {
  const before = await findProposal(client, repo, headSha);
  if (before !== null) return before;
  const { owner, name } = repositoryAt(repo.path);
  const answer = await client.attempt((octokit) =>
    octokit.rest.pulls.create({ owner, repo: name, head: CI_BRANCH, base: repo.baseBranch, title, body, draft: true }),
  );
  if ('value' in answer) return { number: answer.value.data.number, url: answer.value.data.html_url, state: 'opened' };
  // The answer may have been lost.
  const made = answer.fault.status === null ? await findProposal(client, repo, headSha) : null;
  if (made !== null) return { ...made, state: 'opened' };
  throw faultError(answer.fault, `open a pull request for ${CI_BRANCH}`);
}

async function findProposal(
  client: GitHubClient,
  repo: RepositoryRef,
  headSha: string,
): Promise<OpenedProposal | null> {
  const { owner, name } = repositoryAt(repo.path);
  const { data } = await client.ask(`look for the pull request of ${CI_BRANCH}`, (octokit) =>
    octokit.rest.pulls.list({ owner, repo: name, state: 'all', head: `${owner}:${CI_BRANCH}`, base: repo.baseBranch }),
  );
  const own = data.filter(({ head, state }) => head.ref === CI_BRANCH && (state === 'open' || head.sha === headSha));
  const found = own.find(({ state }) => state === 'open') ?? own[0];
  if (found === undefined) return null;
  return { number: found.number, url: found.html_url, state: found.state === 'open' ? 'open' : 'closed' };
}
