import type { RestEndpointMethodTypes } from '@octokit/rest';
import type { Clock } from '#src/ports/clock.ts';
import type { ForgeCheck, ForgeChecks } from '#src/ports/forge.ts';
import type { GitHubClient } from './create-client.ts';
import { readOnGitHub } from './pull-requests.ts';
import type { RepositoryName } from './repository-name.ts';

type CheckRun = RestEndpointMethodTypes['checks']['listForRef']['response']['data']['check_runs'][number];
type Status = RestEndpointMethodTypes['repos']['getCombinedStatusForRef']['response']['data']['statuses'][number];

/** Checks begin some seconds after a push; until then a repository with checks looks like one without. */
const FIRST_CHECK_MS = 60_000;
const PER_PAGE = 100;
const SUMMARY_CHARS = 4_000;

/** https://docs.github.com/en/rest/checks/runs: conclusions that do not stand in a merge's way. */
const HARMLESS: ReadonlySet<string> = new Set(['success', 'neutral']);
const NOT_RUN: ReadonlySet<string> = new Set(['skipped', 'stale']);

/** Check runs (of apps, such as Actions) and commit statuses (of everything older) together; a name counts once. */
export async function readChecksOnGitHub(
  client: GitHubClient,
  clock: Clock,
  repository: RepositoryName,
  { number, headSha }: { number: number; headSha: string },
): Promise<ForgeChecks> {
  const { owner, name: repo } = repository;
  const { data: combined } = await client.ask('read commit statuses', (octokit) =>
    octokit.rest.repos.getCombinedStatusForRef({ owner, repo, ref: headSha, per_page: PER_PAGE }),
  );
  const runs = await readRuns(client, repository, headSha, combined.statuses);
  if (runs.length === 0) {
    const pullRequest = await readOnGitHub(client, repository, number);
    const sinceMs = clock.now().getTime() - Date.parse(pullRequest.updated_at);
    return { state: sinceMs < FIRST_CHECK_MS ? 'pending' : 'none', runs: [] };
  }
  return { state: stateOf(runs), runs };
}

/** The check runs of a commit, with its statuses. */
export async function readRuns(
  client: GitHubClient,
  { owner, name: repo }: RepositoryName,
  sha: string,
  statuses: readonly Status[],
): Promise<ForgeCheck[]> {
  const about = { owner, repo, ref: sha, per_page: PER_PAGE, filter: 'latest' } as const;
  const checkRuns = await client.ask('read check runs', (octokit) =>
    octokit.paginate(octokit.rest.checks.listForRef, about),
  );
  return [...checkRuns.map(fromCheckRun), ...statuses.map(fromStatus)];
}

function stateOf(runs: readonly ForgeCheck[]): ForgeChecks['state'] {
  if (runs.some(({ state }) => state === 'failed')) return 'failed';
  if (runs.some(({ state }) => state === 'pending')) return 'pending';
  return runs.some(({ state }) => state === 'passed') ? 'passed' : 'none';
}

function fromCheckRun(run: CheckRun): ForgeCheck {
  const { name, status, conclusion, html_url: url, output, started_at: startedAt, completed_at: completedAt } = run;
  const words = [output.title, output.summary, output.text].filter((part) => part !== null && part !== '').join('\n');
  return {
    name,
    state: status === 'completed' ? fromConclusion(conclusion) : 'pending',
    url,
    summary: words === '' ? null : words.slice(0, SUMMARY_CHARS),
    durationMs: startedAt === null || completedAt === null ? null : Date.parse(completedAt) - Date.parse(startedAt),
  };
}

/** What is not known to be harmless failed: `failure`, `timed_out`, `cancelled`, `action_required`, and what comes later. */
function fromConclusion(conclusion: string | null): ForgeCheck['state'] {
  if (conclusion !== null && HARMLESS.has(conclusion)) return 'passed';
  return conclusion !== null && NOT_RUN.has(conclusion) ? 'skipped' : 'failed';
}

function fromStatus({ context, state, target_url: url, description }: Status): ForgeCheck {
  return {
    name: context,
    state: state === 'success' ? 'passed' : state === 'pending' ? 'pending' : 'failed',
    url,
    summary: description,
    durationMs: null,
  };
}
