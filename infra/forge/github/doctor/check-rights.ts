import type { Octokit } from '@octokit/rest';
import type { CheckView } from '#src/desk/desk.ts';
import type { Clock } from '#src/ports/clock.ts';
import { createAppCalls } from '../app/app-calls.ts';
import { missingPermissions } from '../app/app-faults.ts';
import { faultError } from '../call-fault.ts';
import { createClients } from '../create-client.ts';
import { permissionsFor, type Purpose } from '../credentials.ts';
import type { RepositoryName } from '../repository-name.ts';
import type { GitHubChecked } from './check-github.ts';
import type { FoundRepository } from './check-repository.ts';
import { missing, ok, warning } from './lines.ts';

const purposes = Object.keys(permissionsFor) as Purpose[];
const FORBIDDEN = 403;
/** An empty repository has no default branch to read. */
const EMPTY: ReadonlySet<number | null> = new Set([404, 409, 422]);

/** What the installation of the App may do there, which GitHub tells. */
export async function appRights(
  access: GitHubChecked,
  repository: RepositoryName,
  _found: FoundRepository,
  clock: Clock,
): Promise<CheckView> {
  const shown = `${repository.owner}/${repository.name}`;
  const name = `github ${shown}`;
  if (access.app === null) throw new TypeError('appRights is for an App.');
  const { permissions, html_url: settings } = await createAppCalls(
    { ...access, app: access.app },
    clock,
  ).installationOn(repository);
  const lacking = [...new Set(purposes.flatMap((purpose) => missingPermissions(permissions, purpose)))];
  if (lacking.length === 0) return ok(name, `The App may do all that it needs in ${shown}.`);
  return missing(
    name,
    `The App may not, in ${shown}: ${lacking.join(', ')}.`,
    `Add them on the page of the App (Permissions & events), then accept them at ${settings}.`,
  );
}

/** A read for each right, that changes nothing. The branch is the default one. */
const reads: readonly {
  right: string;
  try: (octokit: Octokit, at: { owner: string; repo: string }, branch: string) => Promise<unknown>;
}[] = [
  { right: 'contents', try: (octokit, at, branch) => octokit.rest.repos.getBranch({ ...at, branch }) },
  { right: 'issues', try: (octokit, at) => octokit.rest.issues.listForRepo({ ...at, per_page: 1 }) },
  { right: 'pull requests', try: (octokit, at) => octokit.rest.pulls.list({ ...at, per_page: 1 }) },
  {
    right: 'checks',
    try: (octokit, at, branch) => octokit.rest.checks.listForRef({ ...at, ref: branch, per_page: 1 }),
  },
  {
    right: 'commit statuses',
    try: (octokit, at, branch) => octokit.rest.repos.getCombinedStatusForRef({ ...at, ref: branch, per_page: 1 }),
  },
];

/** GitHub does not tell what a fine-grained token may do, so each right is tried by reading. */
export async function tokenRights(
  access: GitHubChecked,
  repository: RepositoryName,
  found: FoundRepository,
  clock: Clock,
): Promise<CheckView> {
  const { owner, name: repo } = repository;
  const shown = `${owner}/${repo}`;
  const name = `github ${shown}`;
  const client = createClients(access, clock)(repository, 'fetch');
  const lacking: string[] = [];
  for (const { right, try: read } of reads) {
    const answer = await client.attempt((octokit) => read(octokit, { owner, repo }, found.default_branch));
    if (!('fault' in answer)) continue;
    const { status, waitMs } = answer.fault;
    if (status === FORBIDDEN && waitMs === null) lacking.push(right);
    else if (!EMPTY.has(status)) throw faultError(answer.fault, `try what the token may read in ${shown}`);
  }
  if (lacking.length > 0) {
    const fix =
      'Add them to the token: contents, issues and pull requests to write, checks and commit statuses to read.';
    return missing(name, `The token may not read, in ${shown}: ${lacking.join(', ')}.`, fix);
  }
  if (found.permissions?.push === false) {
    const fix = 'Have somebody give that account write access, and the token write access to contents.';
    return missing(name, `Whoever the token is of may not write to ${shown}.`, fix);
  }
  if (!found.private) {
    return warning(
      name,
      `${shown} is public, so everybody may read it, and what the token may do there cannot be known before it writes.`,
      null,
    );
  }
  return ok(
    name,
    `The token reads all that it needs in ${shown}. Whether it may write, only its first write can tell.`,
  );
}
