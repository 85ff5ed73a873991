import { MERGE_METHODS, type MergeMethod } from '#src/ports/forge.ts';
import { faultError, isNotFound } from './call-fault.ts';
import type { GitHubClient } from './create-client.ts';
import type { RepositoryName } from './repository-name.ts';

const PER_PAGE = 100;

/**
 * Those of `MERGE_METHODS` that the repository's settings and the rulesets of the branch allow, the preferred first; all
 * where they leave none. Older branch protections are told to admins alone, so the first may be refused all the same.
 */
export async function mergeMethodsOnGitHub(
  client: GitHubClient,
  { owner, name }: RepositoryName,
  branch: string,
): Promise<readonly MergeMethod[]> {
  const about = { owner, repo: name };
  const { data } = await client.ask(`look at ${owner}/${name}`, (octokit) => octokit.rest.repos.get(about));
  const rules = await rulesOf(client, { owner, name }, branch);
  // What a token is not told is taken as allowed.
  const settings = { merge: data.allow_merge_commit, squash: data.allow_squash_merge, rebase: data.allow_rebase_merge };
  const isAllowed = (method: MergeMethod): boolean =>
    settings[method] !== false &&
    rules.every((rule) =>
      rule.type === 'required_linear_history'
        ? method !== 'merge'
        : rule.type === 'pull_request'
          ? (rule.parameters?.allowed_merge_methods?.includes(method) ?? true)
          : true,
    );
  const allowed = MERGE_METHODS.filter(isAllowed);
  return allowed.length > 0 ? allowed : MERGE_METHODS;
}

/** https://docs.github.com/en/rest/repos/rules: rules of rulesets alone. */
async function rulesOf(client: GitHubClient, { owner, name }: RepositoryName, branch: string) {
  const answer = await client.attempt((octokit) =>
    octokit.rest.repos.getBranchRules({ owner, repo: name, branch, per_page: PER_PAGE }),
  );
  if ('value' in answer) return answer.value.data;
  // Servers without rulesets.
  if (isNotFound(answer.fault)) return [];
  throw faultError(answer.fault, `read the rules of the branch ${branch}`);
}
