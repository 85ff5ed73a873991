import { isoOrNull, isoSeconds } from '../hub/clock.ts';
import { htmlUrl, pullsOf, repositoryUrl } from '../hub/hub.ts';
import type { Hub } from '../hub/hub.ts';
import type { Json } from '../hub/json.ts';
import type { Annotation, CheckRun, CheckSuite, Repository, Status } from '../hub/types.ts';
import { suiteConclusion } from '../rules/checks.ts';
import { latestRuns } from '../rules/check-state.ts';
import { accountJson, appJson, nodeId } from './accounts.ts';

export function checkRunJson(hub: Hub, repository: Repository, run: CheckRun): Json {
  const url = `${repositoryUrl(hub, repository)}/check-runs/${run.id}`;
  const page = `${htmlUrl(hub, repository)}/runs/${run.id}`;
  return {
    id: run.id,
    node_id: nodeId('CR', run.id),
    head_sha: run.headSha,
    external_id: run.externalId,
    url,
    html_url: page,
    details_url: run.detailsUrl ?? page,
    status: run.status,
    conclusion: run.conclusion,
    started_at: isoSeconds(run.startedAtMs),
    completed_at: isoOrNull(run.completedAtMs),
    output: {
      title: run.title,
      summary: run.summary,
      text: run.text,
      annotations_count: run.annotations.length,
      annotations_url: `${url}/annotations`,
    },
    name: run.name,
    check_suite: { id: run.suite.id },
    app: appJson(hub, run.app),
    pull_requests: pullsAt(hub, repository, run.headSha),
  };
}

export function annotationJson(hub: Hub, repository: Repository, run: CheckRun, annotation: Annotation): Json {
  return {
    path: annotation.path,
    start_line: annotation.startLine,
    end_line: annotation.endLine,
    start_column: null,
    end_column: null,
    annotation_level: annotation.level,
    title: annotation.title,
    message: annotation.message,
    raw_details: null,
    blob_href: `${repositoryUrl(hub, repository)}/contents/${annotation.path}?ref=${run.headSha}`,
  };
}

/** Without what goes by the place that it is shown in: repository and head commit. */
export function checkSuiteJson(hub: Hub, repository: Repository, suite: CheckSuite): Json {
  const at = repositoryUrl(hub, repository);
  const runs = latestRuns(repository, suite.headSha).filter((run) => run.suite === suite);
  const conclusion = suiteConclusion(repository, suite);
  return {
    id: suite.id,
    node_id: nodeId('CS', suite.id),
    head_branch: suite.headBranch,
    head_sha: suite.headSha,
    status: conclusion === null ? 'in_progress' : 'completed',
    conclusion,
    url: `${at}/check-suites/${suite.id}`,
    before: '0'.repeat(40),
    after: suite.headSha,
    pull_requests: pullsAt(hub, repository, suite.headSha),
    app: appJson(hub, suite.app),
    created_at: isoSeconds(suite.createdAtMs),
    updated_at: isoSeconds(suite.updatedAtMs),
    latest_check_runs_count: runs.length,
    check_runs_url: `${at}/check-suites/${suite.id}/check-runs`,
  };
}

function pullsAt(hub: Hub, repository: Repository, sha: string): Json[] {
  const repo = { id: repository.id, url: repositoryUrl(hub, repository), name: repository.name };
  return pullsOf(repository)
    .filter((issue) => issue.state === 'open' && issue.pull.headSha === sha)
    .map(({ number, pull }) => ({
      id: pull.id,
      number,
      url: `${repositoryUrl(hub, repository)}/pulls/${number}`,
      head: { ref: pull.headRef, sha: pull.headSha, repo },
      base: { ref: pull.baseRef, sha: pull.baseSha, repo },
    }));
}

export function statusJson(hub: Hub, repository: Repository, status: Status): Json {
  const atText = isoSeconds(status.createdAtMs);
  return {
    id: status.id,
    node_id: nodeId('SC', status.id),
    url: `${repositoryUrl(hub, repository)}/statuses/${status.sha}`,
    avatar_url: `${hub.baseUrl}/avatars/${status.creator.id}`,
    state: status.state,
    description: status.description,
    target_url: status.targetUrl,
    context: status.context,
    created_at: atText,
    updated_at: atText,
    creator: accountJson(hub, status.creator),
  };
}
