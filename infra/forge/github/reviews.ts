import type { RestEndpointMethodTypes } from '@octokit/rest';
import type { ForgeReview } from '#src/ports/forge.ts';
import type { GitHubClient } from './create-client.ts';
import { mayWriteOnGitHub } from './may-write.ts';
import type { RepositoryName } from './repository-name.ts';

export type Review = RestEndpointMethodTypes['pulls']['listReviews']['response']['data'][number];

const PER_PAGE = 100;
/** https://docs.github.com/en/rest/pulls/reviews: a comment leaves what its author decided before as it was. */
const DECIDING: ReadonlySet<string> = new Set(['APPROVED', 'CHANGES_REQUESTED', 'DISMISSED']);
const SAYS = { APPROVED: 'approve', CHANGES_REQUESTED: 'request-changes' } as const;

/** Begins a review that says on GitHub what a person decided on their card. Read back, it would decide once more. */
export const APPROVAL_MARKER = '<!-- factory-workbench:approval -->';

/** The last decision of each person who may write, where it is about this very head. Bots decide nothing. */
export async function readReviewsOnGitHub(
  client: GitHubClient,
  repository: RepositoryName,
  { number, headSha }: { number: number; headSha: string },
): Promise<ForgeReview[]> {
  const found: ForgeReview[] = [];
  for (const { id, user, state, body, commit_id: sha } of await lastDecisions(client, repository, number)) {
    if (user === null || sha !== headSha || body.startsWith(APPROVAL_MARKER)) continue;
    if (state !== 'APPROVED' && state !== 'CHANGES_REQUESTED') continue;
    const by = user.login;
    if (!(await mayWriteOnGitHub(client, repository, by))) continue;
    const lines = state === 'APPROVED' ? [] : await wordsOnLines(client, repository, number, id);
    const text = [body, ...lines].filter((part) => part !== '').join('\n\n');
    found.push({ id: String(id), says: SAYS[state], by, accountId: String(user.id), text });
  }
  return found;
}

/** What each person decided last, whatever it is about; oldest first. */
export async function lastDecisions(
  client: GitHubClient,
  { owner, name }: RepositoryName,
  number: number,
): Promise<Review[]> {
  const about = { owner, repo: name, pull_number: number, per_page: PER_PAGE };
  const reviews = await client.ask(`read the reviews of pull request ${number}`, (octokit) =>
    octokit.paginate(octokit.rest.pulls.listReviews, about),
  );
  const last = new Map<number, Review>();
  for (const review of reviews) {
    if (review.user !== null && review.user.type !== 'Bot' && DECIDING.has(review.state))
      last.set(review.user.id, review);
  }
  return [...last.values()];
}

async function wordsOnLines(
  client: GitHubClient,
  { owner, name }: RepositoryName,
  number: number,
  reviewId: number,
): Promise<string[]> {
  const about = { owner, repo: name, pull_number: number, per_page: PER_PAGE };
  const comments = await client.ask(`read the comments on pull request ${number}`, (octokit) =>
    octokit.paginate(octokit.rest.pulls.listReviewComments, about),
  );
  return comments.filter((one) => one.pull_request_review_id === reviewId).map(({ path, body }) => `${path}: ${body}`);
}
