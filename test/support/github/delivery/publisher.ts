import type { Hub, PullRequest } from '../hub/hub.ts';
import { isPullRequest, isSameName } from '../hub/hub.ts';
import type { Json } from '../hub/json.ts';
import type {
  Account,
  CheckRun,
  CheckSuite,
  Comment,
  Issue,
  Repository,
  Review,
  ReviewComment,
  Status,
} from '../hub/types.ts';
import { accountJson, nodeId } from '../json/accounts.ts';
import { checkRunJson, checkSuiteJson } from '../json/checks.ts';
import { commentJson, issueJson } from '../json/issues.ts';
import { pullJson, reviewCommentJson } from '../json/pulls.ts';
import { repositoryJson } from '../json/repositories.ts';
import type { RefChange } from '../rules/ref-changes.ts';
import type { Deliveries, Webhook } from './deliveries.ts';
import { moreJson, pullPayload, reviewPayload, statusPayload, suitePayload } from './payloads.ts';
import type { More } from './payloads.ts';
import { pushPayload } from './push-payload.ts';

/** What happened, told to all who want to know, in GitHub's words. */
export interface Publisher {
  issue(repository: Repository, sender: Account, issue: Issue, action: string, more?: More): void;
  pull(repository: Repository, sender: Account, issue: Issue, action: string, more?: More): void;
  comment(
    repository: Repository,
    sender: Account,
    what: { issue: Issue; comment: Comment },
    action: string,
    more?: More,
  ): void;
  review(repository: Repository, sender: Account, what: { issue: PullRequest; review: Review }, action: string): void;
  reviewComment(
    repository: Repository,
    sender: Account,
    what: { issue: PullRequest; comment: ReviewComment },
    action: string,
  ): void;
  push(repository: Repository, sender: Account, change: RefChange): void;
  checkRun(repository: Repository, run: CheckRun, action: string): void;
  checkSuite(repository: Repository, suite: CheckSuite): void;
  status(repository: Repository, status: Status): void;
  repository(repository: Repository, sender: Account, action: string, more?: Json): void;
}

/**
 * `check` looks at each payload and says what is wrong with it; `tell` hears of that. Nothing is made when nobody
 * listens: it costs several runs of git.
 */
export function createPublisher(
  hub: Hub,
  deliveries: Deliveries,
  { check, tell }: { check(event: string, payload: Json): string | null; tell(fault: string): void },
): Publisher {
  const publish = (repository: Repository, sender: Account, event: string, make: () => Json | Promise<Json>): void => {
    const hooks = deliveries.hooks.filter((hook) => wants(hook, repository, event));
    if (hooks.length === 0) return;
    const common = {
      repository: repositoryJson(hub, repository),
      sender: accountJson(hub, sender),
      ...(repository.owner.type === 'Organization' ? { organization: organizationJson(hub, repository.owner) } : {}),
    };
    // What it says is as of now; only what git counts comes later.
    const whole = Promise.resolve(make()).then((body) => ({
      ...body,
      ...common,
      repository: { ...common.repository, ...(body.repository as Json | undefined) },
    }));
    whole.then(
      (payload) => {
        const fault = check(event, payload);
        if (fault !== null) tell(`Webhook ${fault}`);
      },
      (error: unknown) => tell(`Webhook ${event} could not be made: ${String(error)}`),
    );
    for (const hook of hooks)
      deliveries.send(
        hook,
        event,
        whole.then((payload) => ({ ...payload, ...installationOf(hook) })),
      );
  };
  return {
    issue: (repository, sender, issue, action, more = {}) =>
      publish(repository, sender, 'issues', () => ({
        action,
        issue: issueJson(hub, repository, issue),
        ...moreJson(hub, repository, more),
      })),
    pull(repository, sender, issue, action, more = {}) {
      if (!isPullRequest(issue)) return;
      publish(repository, sender, 'pull_request', () => pullPayload(hub, repository, issue, action, more));
    },
    comment: (repository, sender, { issue, comment }, action, more = {}) =>
      publish(repository, sender, 'issue_comment', () => ({
        action,
        issue: issueJson(hub, repository, issue),
        comment: commentJson(hub, repository, issue, comment),
        ...moreJson(hub, repository, more),
      })),
    review: (repository, sender, { issue, review }, action) =>
      publish(repository, sender, 'pull_request_review', () => reviewPayload(hub, repository, issue, review, action)),
    reviewComment: (repository, sender, { issue, comment }, action) =>
      publish(repository, sender, 'pull_request_review_comment', () => ({
        action,
        comment: {
          ...reviewCommentJson(hub, repository, issue, comment),
          start_line: null,
          original_start_line: null,
          start_side: null,
        },
        pull_request: pullJson(hub, repository, issue),
      })),
    push: (repository, sender, change) =>
      publish(repository, sender, 'push', () => pushPayload(hub, repository, sender, change)),
    checkRun: (repository, run, action) =>
      publish(repository, run.app.bot, 'check_run', () => ({
        action,
        check_run: {
          ...checkRunJson(hub, repository, run),
          check_suite: checkSuiteJson(hub, repository, run.suite),
        },
      })),
    checkSuite: (repository, suite) =>
      publish(repository, suite.app.bot, 'check_suite', () => suitePayload(hub, repository, suite)),
    status: (repository, status) =>
      publish(repository, status.creator, 'status', () => statusPayload(hub, repository, status)),
    repository: (repository, sender, action, more = {}) =>
      publish(repository, sender, 'repository', () => ({ action, ...more })),
  };
}

function wants({ app, events, repository: own }: Webhook, repository: Repository, event: string): boolean {
  if (events !== null && !events.includes(event)) return false;
  if (app === null) return own === repository;
  return (
    isSameName(app.owner.login, repository.owner.login) &&
    (app.repositoryIds === null || app.repositoryIds.has(repository.id))
  );
}

function installationOf({ app }: Webhook): Json {
  if (app === null) return {};
  return { installation: { id: app.installationId, node_id: nodeId('IN', app.installationId) } };
}

function organizationJson(hub: Hub, { id, login }: Account): Json {
  const url = `${hub.baseUrl}/api/orgs/${login}`;
  return {
    login,
    id,
    node_id: nodeId('O', id),
    url,
    repos_url: `${url}/repos`,
    events_url: `${url}/events`,
    hooks_url: `${url}/hooks`,
    issues_url: `${url}/issues`,
    members_url: `${url}/members{/member}`,
    public_members_url: `${url}/public_members{/member}`,
    avatar_url: `${hub.baseUrl}/avatars/${id}`,
    description: null,
  };
}
