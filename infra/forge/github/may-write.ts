import { faultError, isNotFound } from './call-fault.ts';
import type { GitHubClient } from './create-client.ts';
import type { RepositoryName } from './repository-name.ts';

/** https://docs.github.com/en/rest/collaborators/collaborators: `maintain` is told as `write`, `triage` as `read`. */
const WRITING: ReadonlySet<string> = new Set(['admin', 'write']);

/** A name that nobody has may not. */
export async function mayWriteOnGitHub(
  client: GitHubClient,
  { owner, name }: RepositoryName,
  login: string,
): Promise<boolean> {
  const answer = await client.attempt((octokit) =>
    octokit.rest.repos.getCollaboratorPermissionLevel({ owner, repo: name, username: login }),
  );
  if ('value' in answer) return WRITING.has(answer.value.data.permission);
  if (isNotFound(answer.fault)) return false;
  throw faultError(answer.fault, `say whether ${login} may write to ${owner}/${name}`);
}
