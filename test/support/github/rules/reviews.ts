import { isAncestor, resolveCommit } from '../git/refs.ts';
import type { Hub, PullRequest } from '../hub/hub.ts';
import { touch } from '../hub/hub.ts';
import { notFound, Refusal, unprocessable } from '../hub/refusal.ts';
import type { Account, Repository, Review } from '../hub/types.ts';
import { needUnarchived } from './issues.ts';

export interface ReviewDraft {
  /** Left out: the review waits until it is submitted, and nobody is told. */
  event?: 'APPROVE' | 'REQUEST_CHANGES' | 'COMMENT';
  body?: string;
  /** Default: the head. */
  sha?: string;
  comments?: readonly { path: string; line: number; body: string }[];
}

const STATES = { APPROVE: 'APPROVED', REQUEST_CHANGES: 'CHANGES_REQUESTED', COMMENT: 'COMMENTED' } as const;
const OWN = {
  APPROVE: 'Review Can not approve your own pull request',
  REQUEST_CHANGES: 'Review Can not request changes on your own pull request',
} as const;

export async function createReview(
  hub: Hub,
  repository: Repository,
  author: Account,
  issue: PullRequest,
  draft: ReviewDraft,
): Promise<Review> {
  needUnarchived(repository);
  const { event, body = '', comments = [] } = draft;
  if ((event === 'APPROVE' || event === 'REQUEST_CHANGES') && author === issue.author) throw unprocessable(OWN[event]);
  if (body === '' && comments.length === 0 && (event === 'COMMENT' || event === 'REQUEST_CHANGES'))
    throw unprocessable("Review body can't be blank");
  const { pull } = issue;
  const commitSha = draft.sha ?? pull.headSha;
  const known = await resolveCommit(repository.folder, commitSha);
  if (known === null || !(await isAncestor(repository.folder, commitSha, pull.headSha)))
    throw unprocessable('Review commit is not part of the pull request');
  const review: Review = {
    id: hub.nextId(),
    author,
    state: event === undefined ? 'PENDING' : STATES[event],
    body,
    commitSha,
    submittedAtMs: hub.clock.nowMs(),
  };
  pull.reviews.push(review);
  pull.requestedReviewers = pull.requestedReviewers.filter((one) => one !== author);
  for (const comment of comments)
    pull.reviewComments.push({
      ...comment,
      id: hub.nextId(),
      reviewId: review.id,
      author,
      commitSha,
      createdAtMs: review.submittedAtMs,
    });
  touch(hub, issue);
  if (review.state === 'PENDING') return review;
  hub.publisher.review(repository, author, { issue, review }, 'submitted');
  for (const comment of pull.reviewComments.filter(({ reviewId }) => reviewId === review.id))
    hub.publisher.reviewComment(repository, author, { issue, comment }, 'created');
  return review;
}

export function findReview(issue: PullRequest, id: number): Review {
  const review = issue.pull.reviews.find((one) => one.id === id);
  if (review === undefined) throw notFound();
  return review;
}

export function dismissReview(
  hub: Hub,
  repository: Repository,
  actor: Account,
  issue: PullRequest,
  review: Review,
): void {
  if (review.state !== 'APPROVED' && review.state !== 'CHANGES_REQUESTED')
    throw new Refusal(422, 'Can not dismiss a commented pull request review');
  review.state = 'DISMISSED';
  hub.publisher.review(repository, actor, { issue, review }, 'dismissed');
}

/** Approvals of what is no longer the head. */
export function dismissStale(hub: Hub, repository: Repository, actor: Account, issue: PullRequest): void {
  for (const review of issue.pull.reviews)
    if (review.state === 'APPROVED' && review.commitSha !== issue.pull.headSha)
      dismissReview(hub, repository, actor, issue, review);
}
