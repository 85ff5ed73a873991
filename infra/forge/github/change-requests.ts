import type { RestEndpointMethodTypes } from '@octokit/rest';
import type { ChangeRequest } from '#src/ports/forge.ts';
import type { GitHubClient } from './create-client.ts';
import { mayWriteOnGitHub } from './may-write.ts';
import type { RepositoryName } from './repository-name.ts';

type Review = RestEndpointMethodTypes['pulls']['listReviews']['response']['data'][number];

const PER_PAGE = 100;
/** https://docs.github.com/en/rest/pulls/reviews: a comment leaves what its author decided before as it was. */
const DECIDING: ReadonlySet<string> = new Set(['APPROVED', 'CHANGES_REQUESTED', 'DISMISSED']);

/** The last decision of each person who may write, where it asks for changes to this very head. Bots decide nothing. */
export async function readRequestsOnGitHub(
  client: GitHubClient,
  repository: RepositoryName,
  { number, headSha }: { number: number; headSha: string },
): Promise<ChangeRequest[]> {
  const about = { owner: repository.owner, repo: repository.name, pull_number: number, per_page: PER_PAGE };
  const reviews = await client.ask(`read the reviews of pull request ${number}`, (octokit) =>
    octokit.paginate(octokit.rest.pulls.listReviews, about),
  );
  const last = new Map<string, Review>();
  for (const review of reviews) {
    if (review.user !== null && review.user.type !== 'Bot' && DECIDING.has(review.state))
      last.set(review.user.login, review);
  }
  const found: ChangeRequest[] = [];
  for (const [by, { id, state, body, commit_id: sha }] of last) {
    if (state !== 'CHANGES_REQUESTED' || sha !== headSha) continue;
    if (!(await mayWriteOnGitHub(client, repository, by))) continue;
    const comments = await client.ask(`read the comments on pull request ${number}`, (octokit) =>
      octokit.paginate(octokit.rest.pulls.listReviewComments, about),
    );
    const ofLines = comments
      .filter((one) => one.pull_request_review_id === id)
      .map((one) => `${one.path}: ${one.body}`);
    found.push({ id: String(id), by, text: [body, ...ofLines].filter((part) => part !== '').join('\n\n') });
  }
  return found;
}
