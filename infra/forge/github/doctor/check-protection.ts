import type { CheckView } from '#src/desk/desk.ts';
import type { GitHubClient } from '../create-client.ts';
import type { RepositoryName } from '../repository-name.ts';
import type { FoundRepository } from './check-repository.ts';
import { ok, warning } from './lines.ts';

/** What GitHub demands before something lands on the default branch. Rules of old branch protections only an admin may read. */
export async function checkProtection(
  client: GitHubClient,
  { owner, name: repo }: RepositoryName,
  { default_branch: branch }: FoundRepository,
): Promise<CheckView> {
  const shown = `${owner}/${repo}`;
  const name = `github ${shown} ${branch}`;
  const at = { owner, repo, branch };
  const read = await client.attempt((octokit) => octokit.rest.repos.getBranch(at));
  // The rights have a line of their own, and an empty repository has no branch yet.
  if ('fault' in read) return warning(name, `What protects ${branch} cannot be read.`, null);
  const ruled = await client.attempt((octokit) => octokit.rest.repos.getBranchRules(at));
  const rules = 'fault' in ruled ? [] : ruled.value.data;
  const demands = new Set<string>();
  for (const rule of rules) {
    if (rule.type === 'pull_request') {
      const approvals = rule.parameters?.required_approving_review_count ?? 0;
      demands.add(approvals === 0 ? 'a pull request' : `${approvals} ${approvals === 1 ? 'approval' : 'approvals'}`);
    } else if (rule.type === 'required_status_checks') {
      for (const { context } of rule.parameters?.required_status_checks ?? []) demands.add(`the check ${context}`);
    } else if (rule.type === 'non_fast_forward') demands.add('no force-push');
  }
  if (demands.size > 0) return ok(name, `${branch} demands ${[...demands].join(', ')}.`);
  if (read.value.data.protected) return ok(name, `${branch} is protected by a rule that only an admin may read.`);
  return warning(
    name,
    `Nothing protects ${branch}: whoever may push can pass by the review.`,
    'Set the ruleset that `npm run -s workbench -- ci init` prints.',
  );
}
