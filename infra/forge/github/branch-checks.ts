import type { BranchChecks } from '#src/ports/branch-checks.ts';
import type { Clock } from '#src/ports/clock.ts';
import { faultError, isNotFound } from './call-fault.ts';
import { readRuns } from './checks.ts';
import { createClients } from './create-client.ts';
import type { GitHubOptions } from './github-options.ts';
import { keepQuiet } from './keep-quiet.ts';
import { repositoryAt } from './repository-name.ts';

/** Checks of branches on GitHub, through its REST API: two calls a look. */
export function createGitHubBranchChecks(options: GitHubOptions, clock: Clock): BranchChecks {
  const clientFor = keepQuiet(createClients(options, clock), clock);
  return {
    async read(path, branch) {
      const repository = repositoryAt(path);
      const client = clientFor(repository, 'checks');
      const about = { owner: repository.owner, repo: repository.name, ref: branch };
      // The statuses of a branch come with the commit that they are of.
      const answer = await client.attempt((octokit) => octokit.rest.repos.getCombinedStatusForRef(about));
      if ('fault' in answer) {
        if (isNotFound(answer.fault)) return null;
        throw faultError(answer.fault, `read the statuses of ${about.owner}/${about.repo}`);
      }
      const { sha, statuses } = answer.value.data;
      return { sha, runs: await readRuns(client, repository, sha, statuses) };
    },
  };
}
