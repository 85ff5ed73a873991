import { readCommit } from '../git/read-commits.ts';
import { isoSeconds } from '../hub/clock.ts';
import { fullName } from '../hub/hub.ts';
import type { Hub, PullRequest } from '../hub/hub.ts';
import type { Json } from '../hub/json.ts';
import type { CheckSuite, Label, Repository, Review, Status } from '../hub/types.ts';
import { checkSuiteJson, statusJson } from '../json/checks.ts';
import { commitJson, simpleCommitJson } from '../json/commits.ts';
import { labelJson } from '../json/issues.ts';
import { pullDetails, pullJson, reviewJson } from '../json/pulls.ts';

/** What an event says besides its subject. */
export interface More {
  label?: Label;
  changes?: unknown;
  before?: string;
  after?: string;
}

export function moreJson(hub: Hub, repository: Repository, { label, ...rest }: More): Json {
  return { ...rest, ...(label === undefined ? {} : { label: labelJson(hub, repository, label) }) };
}

export async function pullPayload(
  hub: Hub,
  repository: Repository,
  issue: PullRequest,
  action: string,
  more: More,
): Promise<Json> {
  const seen = { ...issue, pull: { ...issue.pull } };
  const now = pullJson(hub, repository, seen);
  const details = await pullDetails(hub, repository, seen, { isMergeable: null, state: 'unknown' });
  return { action, number: seen.number, pull_request: { ...now, ...details }, ...moreJson(hub, repository, more) };
}

export function reviewPayload(
  hub: Hub,
  repository: Repository,
  issue: PullRequest,
  review: Review,
  action: string,
): Json {
  return {
    action,
    review: {
      ...reviewJson(hub, repository, issue, review),
      // In webhooks the state is in small letters, and an empty body is none.
      state: review.state.toLowerCase(),
      body: review.body === '' ? null : review.body,
      submitted_at: isoSeconds(review.submittedAtMs),
    },
    pull_request: pullJson(hub, repository, issue),
  };
}

export async function suitePayload(hub: Hub, repository: Repository, suite: CheckSuite): Promise<Json> {
  const json = checkSuiteJson(hub, repository, suite);
  const head_commit = simpleCommitJson(await readCommit(repository.folder, suite.headSha));
  return { action: 'completed', check_suite: { ...json, head_commit } };
}

export async function statusPayload(hub: Hub, repository: Repository, status: Status): Promise<Json> {
  const { creator: _creator, ...json } = statusJson(hub, repository, status);
  const commit = commitJson(hub, repository, await readCommit(repository.folder, status.sha));
  return { ...json, name: fullName(repository), sha: status.sha, commit, branches: [] };
}
