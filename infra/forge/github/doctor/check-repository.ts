import type { RestEndpointMethodTypes } from '@octokit/rest';
import { wasHalted } from '#src/code-factory/halt.ts';
import type { CheckView } from '#src/desk/desk.ts';
import type { Clock } from '#src/ports/clock.ts';
import { createClients } from '../create-client.ts';
import type { RepositoryName } from '../repository-name.ts';
import type { GitHubChecked } from './check-github.ts';
import { checkProtection } from './check-protection.ts';
import { appRights, tokenRights } from './check-rights.ts';
import { missing, refused } from './lines.ts';

export type FoundRepository = RestEndpointMethodTypes['repos']['get']['response']['data'];

/** Whether the repository is there under its name and takes work, with which rights, and what protects its default branch. */
export async function checkRepository(
  access: GitHubChecked,
  repository: RepositoryName,
  clock: Clock,
): Promise<CheckView[]> {
  const { owner, name: repo } = repository;
  const shown = `${owner}/${repo}`;
  const name = `github ${shown}`;
  const client = createClients(access, clock)(repository, 'fetch');
  try {
    const { data } = await client.ask(`look at ${shown}`, (octokit) => octokit.rest.repos.get({ owner, repo }));
    if (data.archived) {
      const fix = 'Take it out of the archive there, or bind the project to another repository.';
      return [missing(name, `${shown} is archived: it is read and not written.`, fix)];
    }
    if (data.disabled) {
      const fix = 'Its page on GitHub says why. Until then, bind the project to another repository.';
      return [missing(name, `${shown} is disabled by GitHub.`, fix)];
    }
    const rights = access.app === null ? tokenRights : appRights;
    return [await rights(access, repository, data, clock), await checkProtection(client, repository, data)];
  } catch (error) {
    if (wasHalted(error)) throw error;
    return [refused(name, error)];
  }
}
