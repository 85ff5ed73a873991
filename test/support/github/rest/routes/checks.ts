import { resolveCommit } from '../../git/refs.ts';
import { readCommit } from '../../git/read-commits.ts';
import { repositoryUrl } from '../../hub/hub.ts';
import { isObject, textOf } from '../../hub/json.ts';
import type { Json } from '../../hub/json.ts';
import { Refusal } from '../../hub/refusal.ts';
import type { Annotation, CheckRun, Status } from '../../hub/types.ts';
import { annotationJson, checkRunJson, checkSuiteJson, statusJson } from '../../json/checks.ts';
import { simpleCommitJson } from '../../json/commits.ts';
import { repositoryJson } from '../../json/repositories.ts';
import { combinedState, latestRuns, latestStatuses } from '../../rules/check-state.ts';
import { createCheckRun, createStatus, findCheckRun, updateCheckRun } from '../../rules/checks.ts';
import type { CheckRunDraft } from '../../rules/checks.ts';
import { created, ok, page, read, write } from '../route.ts';
import type { RepositoryCall, Routes, SignedCall } from '../route.ts';

export const CHECKS: Routes = {
  'checks/create': write('checks', 'write', async (call) => {
    const { hub, repository, body } = call;
    const run = await createCheckRun(hub, repository, ownApp(call), {
      name: textOf(body.name),
      headSha: textOf(body.head_sha),
      ...draftOf(body),
    });
    return created(checkRunJson(hub, repository, run));
  }),
  'checks/update': write('checks', 'write', (call) => {
    const run = findCheckRun(call.repository, Number(call.parameters.check_run_id));
    if (run.app !== ownApp(call)) throw new Refusal(403, 'Invalid app_id: another app made this check run.');
    updateCheckRun(call.hub, call.repository, run, draftOf(call.body));
    return ok(checkRunJson(call.hub, call.repository, run));
  }),
  'checks/get': read('checks', ({ hub, repository, parameters }) =>
    ok(checkRunJson(hub, repository, findCheckRun(repository, Number(parameters.check_run_id)))),
  ),
  'checks/list-annotations': read('checks', (call) => {
    const run = findCheckRun(call.repository, Number(call.parameters.check_run_id));
    return page(call, run.annotations, (one) => annotationJson(call.hub, call.repository, run, one));
  }),
  'checks/list-for-ref': read('checks', async (call) => {
    const { hub, repository, query } = call;
    const sha = await shaIn(call);
    const all = repository.checkRuns.filter(({ headSha }) => headSha === sha);
    const runs = (query.filter === 'all' ? all : latestRuns(repository, sha)).filter(
      (run) =>
        (query.check_name === undefined || run.name === query.check_name) &&
        (query.status === undefined || run.status === query.status) &&
        (query.app_id === undefined || String(run.app.id) === query.app_id),
    );
    return page(
      call,
      runs,
      (run: CheckRun) => checkRunJson(hub, repository, run),
      (check_runs) => ({
        total_count: runs.length,
        check_runs,
      }),
    );
  }),
  'checks/list-suites-for-ref': read('checks', async (call) => {
    const { hub, repository } = call;
    const sha = await shaIn(call);
    const suites = repository.checkSuites.filter(({ headSha }) => headSha === sha);
    const head_commit = simpleCommitJson(await readCommit(repository.folder, sha));
    return page(
      call,
      suites,
      (suite) => ({
        ...checkSuiteJson(hub, repository, suite),
        repository: repositoryJson(hub, repository),
        head_commit,
      }),
      (check_suites) => ({ total_count: suites.length, check_suites }),
    );
  }),
  'repos/create-commit-status': write('statuses', 'write', async (call) => {
    const { hub, repository, account, parameters, body } = call;
    const status = await createStatus(hub, repository, account, {
      sha: parameters.sha ?? '',
      state: textOf(body.state) as Status['state'],
      ...(typeof body.context === 'string' ? { context: body.context } : {}),
      description: typeof body.description === 'string' ? body.description : null,
      targetUrl: typeof body.target_url === 'string' ? body.target_url : null,
    });
    return created(statusJson(hub, repository, status));
  }),
  'repos/list-commit-statuses-for-ref': read('statuses', async (call) => {
    const sha = await shaIn(call);
    const statuses = call.repository.statuses.filter((one) => one.sha === sha).toReversed();
    return page(call, statuses, (one) => statusJson(call.hub, call.repository, one));
  }),
  'repos/get-combined-status-for-ref': read('statuses', async (call) => {
    const { hub, repository } = call;
    const sha = await shaIn(call);
    const statuses = latestStatuses(repository, sha);
    const url = `${repositoryUrl(hub, repository)}/commits/${sha}`;
    return page(
      call,
      statuses,
      (one) => statusJson(hub, repository, one),
      (rendered) => ({
        state: combinedState(statuses),
        statuses: rendered,
        sha,
        total_count: statuses.length,
        repository: repositoryJson(hub, repository),
        commit_url: url,
        url: `${url}/status`,
      }),
    );
  }),
};

async function shaIn({ repository, parameters }: RepositoryCall): Promise<string> {
  const ref = parameters.ref ?? '';
  const sha = await resolveCommit(repository.folder, ref);
  if (sha === null) throw new Refusal(422, `No commit found for SHA: ${ref}`);
  return sha;
}

/** A person's token makes no check runs, whatever it is allowed. */
function ownApp({ token }: SignedCall) {
  if (token.kind !== 'installation' || token.app === null)
    throw new Refusal(403, 'You must authenticate via a GitHub App.');
  return token.app;
}

function draftOf(body: Json): CheckRunDraft {
  const output = isObject(body.output) ? body.output : {};
  const text = (value: unknown) => (typeof value === 'string' ? value : undefined);
  const draft = {
    status: text(body.status) as CheckRun['status'] | undefined,
    conclusion: text(body.conclusion) as NonNullable<CheckRun['conclusion']> | undefined,
    externalId: text(body.external_id),
    detailsUrl: text(body.details_url),
    title: text(output.title),
    summary: text(output.summary),
    text: text(output.text),
  };
  const given = Object.entries(draft).filter(([, value]) => value !== undefined);
  return { ...Object.fromEntries(given), annotations: annotationsOf(output.annotations) };
}

function annotationsOf(value: unknown): Annotation[] {
  return (Array.isArray(value) ? value : []).filter(isObject).map((one) => ({
    path: textOf(one.path),
    startLine: Number(one.start_line),
    endLine: Number(one.end_line),
    level: textOf(one.annotation_level) as Annotation['level'],
    title: typeof one.title === 'string' ? one.title : null,
    message: textOf(one.message),
  }));
}
