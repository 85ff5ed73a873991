import { branchHead, resolveCommit } from '../git/refs.ts';
import type { Hub } from '../hub/hub.ts';
import { invalid, notFound, Refusal } from '../hub/refusal.ts';
import type { Account, Annotation, App, CheckRun, CheckSuite, Repository, Status } from '../hub/types.ts';
import { pullsOf } from '../hub/hub.ts';
import { latestRuns } from './check-state.ts';
import { needUnarchived } from './issues.ts';

export type CheckRunDraft = Partial<
  Pick<CheckRun, 'status' | 'conclusion' | 'externalId' | 'detailsUrl' | 'title' | 'summary' | 'text'>
> & { annotations?: readonly Annotation[] };

/** Only an app can make one. */
export async function createCheckRun(
  hub: Hub,
  repository: Repository,
  app: App,
  { name, headSha, ...draft }: CheckRunDraft & { name: string; headSha: string },
): Promise<CheckRun> {
  needUnarchived(repository);
  if ((await resolveCommit(repository.folder, headSha)) === null)
    throw new Refusal(422, `No commit found for SHA: ${headSha}`);
  const isBase = (await branchHead(repository.folder, repository.defaultBranch)) === headSha;
  const nowMs = hub.clock.nowMs();
  const run: CheckRun = {
    id: hub.nextId(),
    suite: suiteFor(hub, repository, app, { headSha, isBase }),
    app,
    name,
    headSha,
    externalId: '',
    detailsUrl: null,
    status: 'queued',
    conclusion: null,
    title: null,
    summary: null,
    text: null,
    annotations: [],
    startedAtMs: nowMs,
    completedAtMs: null,
  };
  repository.checkRuns.push(run);
  const isCompleted = change(hub, run, draft);
  hub.publisher.checkRun(repository, run, 'created');
  if (isCompleted) complete(hub, repository, run);
  return run;
}

export function updateCheckRun(hub: Hub, repository: Repository, run: CheckRun, draft: CheckRunDraft): void {
  needUnarchived(repository);
  const wasCompleted = run.status === 'completed';
  if (change(hub, run, draft) && !wasCompleted) complete(hub, repository, run);
}

function change(hub: Hub, run: CheckRun, { annotations = [], ...draft }: CheckRunDraft): boolean {
  // A conclusion alone completes a run, as GitHub has it.
  const status = draft.conclusion == null ? draft.status : 'completed';
  if (status === 'completed' && draft.conclusion == null && run.conclusion === null)
    throw invalid('CheckRun', { field: 'conclusion', code: 'missing_field' });
  Object.assign(run, draft, status === undefined ? {} : { status });
  run.annotations.push(...annotations);
  run.suite.updatedAtMs = hub.clock.nowMs();
  if (run.status === 'completed') run.completedAtMs ??= hub.clock.nowMs();
  return run.status === 'completed';
}

function complete(hub: Hub, repository: Repository, run: CheckRun): void {
  hub.publisher.checkRun(repository, run, 'completed');
  const others = latestRuns(repository, run.headSha).filter(({ app }) => app === run.app);
  if (others.every(({ status }) => status === 'completed')) hub.publisher.checkSuite(repository, run.suite);
}

export function findCheckRun(repository: Repository, id: number): CheckRun {
  const run = repository.checkRuns.find((one) => one.id === id);
  if (run === undefined) throw notFound();
  return run;
}

function suiteFor(
  hub: Hub,
  repository: Repository,
  app: App,
  { headSha, isBase }: { headSha: string; isBase: boolean },
): CheckSuite {
  const found = repository.checkSuites.find((one) => one.app === app && one.headSha === headSha);
  if (found !== undefined) return found;
  const nowMs = hub.clock.nowMs();
  const pull = pullsOf(repository).find((one) => one.pull.headSha === headSha)?.pull;
  const headBranch = pull?.headRef ?? (isBase ? repository.defaultBranch : null);
  const suite = { id: hub.nextId(), app, headSha, headBranch, createdAtMs: nowMs, updatedAtMs: nowMs };
  repository.checkSuites.push(suite);
  return suite;
}

/** How a suite's runs came out together; null while one of them runs. */
export function suiteConclusion(repository: Repository, suite: CheckSuite): CheckRun['conclusion'] {
  const conclusions = latestRuns(repository, suite.headSha)
    .filter((run) => run.suite === suite)
    .map(({ conclusion }) => conclusion);
  if (conclusions.includes(null)) return null;
  return conclusions.find((one) => one !== 'success' && one !== 'neutral' && one !== 'skipped') ?? 'success';
}

export async function createStatus(
  hub: Hub,
  repository: Repository,
  creator: Account,
  draft: Pick<Status, 'sha' | 'state'> & Partial<Pick<Status, 'context' | 'description' | 'targetUrl'>>,
): Promise<Status> {
  needUnarchived(repository);
  if ((await resolveCommit(repository.folder, draft.sha)) === null)
    throw new Refusal(422, `No commit found for SHA: ${draft.sha}`);
  const status: Status = {
    context: 'default',
    description: null,
    targetUrl: null,
    ...draft,
    id: hub.nextId(),
    creator,
    createdAtMs: hub.clock.nowMs(),
  };
  repository.statuses.push(status);
  hub.publisher.status(repository, status);
  return status;
}
