import type { RestEndpointMethodTypes } from '@octokit/rest';
import { FactoryError } from '#src/errors.ts';
import type { PullRequestDraft, PullRequestRef } from '#src/ports/forge.ts';
import type { RepositoryRef } from '#src/ports/workspace.ts';
import { faultError, isUnclear } from './call-fault.ts';
import type { GitHubClient } from './create-client.ts';
import { repositoryAt } from './repository-name.ts';

type Listed = RestEndpointMethodTypes['pulls']['list']['response']['data'][number];

/** More is refused with 422: `title is too long (maximum is 256 characters)`, `body is too long (maximum is 65536 characters)`. */
const TITLE_CHARS = 256;
const BODY_CHARS = 65_536;
/** GitHub answers 422 both for a second one of a branch and for a branch that holds nothing new. */
const EMPTY = /No commits between/i;

/**
 * The draft pull request of a branch: the open one with the title and body of `request`, else a new one. GitHub keeps a
 * branch from having two, so of several who ask at once, and after an answer that was lost, all find the same.
 */
export async function openOnGitHub(
  client: GitHubClient,
  repo: RepositoryRef,
  asked: PullRequestDraft,
): Promise<PullRequestRef> {
  const request = { ...asked, title: fitting(asked.title, TITLE_CHARS), body: fitting(asked.body, BODY_CHARS) };
  const found = await findOpen(client, repo, request.branch);
  if (found !== null) return bringUpToDate(client, repo, found, request);
  const { owner, name } = repositoryAt(repo.path);
  const answer = await client.attempt((octokit) =>
    octokit.rest.pulls.create({
      owner,
      repo: name,
      head: request.branch,
      base: repo.baseBranch,
      title: request.title,
      body: request.body,
      draft: true,
    }),
  );
  if ('value' in answer) return refOf(answer.value.data);
  const { fault } = answer;
  const made = isUnclear(fault) || fault.status === 422 ? await findOpen(client, repo, request.branch) : null;
  if (made !== null) return bringUpToDate(client, repo, made, request);
  if (fault.status === 422 && EMPTY.test(fault.message)) {
    throw new FactoryError(
      'pull-request-empty',
      `The branch ${request.branch} holds nothing that ${repo.baseBranch} does not have already.`,
      { fix: 'Push the work to the branch first.' },
    );
  }
  throw faultError(fault, `open a pull request for ${request.branch}`);
}

function fitting(text: string, chars: number): string {
  return text.length <= chars ? text : `${text.slice(0, chars - 2).toWellFormed()} …`;
}

async function findOpen(client: GitHubClient, repo: RepositoryRef, branch: string): Promise<Listed | null> {
  const { owner, name } = repositoryAt(repo.path);
  const { data } = await client.ask(`look for the pull request of ${branch}`, (octokit) =>
    octokit.rest.pulls.list({ owner, repo: name, state: 'open', head: `${owner}:${branch}`, base: repo.baseBranch }),
  );
  return data.find(({ head }) => head.ref === branch) ?? null;
}

async function bringUpToDate(
  client: GitHubClient,
  repo: RepositoryRef,
  found: Listed,
  { title, body }: PullRequestDraft,
): Promise<PullRequestRef> {
  if (found.title === title && (found.body ?? '') === body) return refOf(found);
  const { owner, name } = repositoryAt(repo.path);
  const { data } = await client.ask(`bring pull request ${found.number} up to date`, (octokit) =>
    octokit.rest.pulls.update({ owner, repo: name, pull_number: found.number, title, body }),
  );
  return refOf(data);
}

function refOf({ number, html_url: url }: { number: number; html_url: string }): PullRequestRef {
  return { number, url };
}
