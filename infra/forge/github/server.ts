import { isReadableBranch, quoted, requireReadableBranch } from '#infra/git/ref-names.ts';
import type { RepositoryServer } from '#infra/git/repository-server.ts';
import { FactoryError } from '#src/errors.ts';
import type { Clock } from '#src/ports/clock.ts';
import { faultError, isNotFound } from './call-fault.ts';
import { createClient, type GitHubClient } from './create-client.ts';
import type { GitHubOptions } from './github-options.ts';
import { gitHubSide } from './github-side.ts';
import { pathOf, readRepositoryName, type RepositoryName, repositoryAt } from './repository-name.ts';

/** GitHub as a place where repositories live: `github:OWNER/NAME`, `OWNER/NAME` and the address of its page name one. */
export function createGitHubServer(options: GitHubOptions, clock: Clock): RepositoryServer {
  const named = (path: string) => readRepositoryName(path, options.webUrl);
  return {
    names: (path) => named(path) !== null,
    sideOf: (path) => gitHubSide(repositoryAt(path), options),
    async inspect(path, base) {
      const asked = named(path) ?? repositoryAt(path);
      const { owner, name } = asked;
      // GitHub says of a token's repository whether it may write there, so it is looked at with one that should.
      const token = (): Promise<string> => options.credentials.tokenFor(asked, 'push');
      const refused = (value: string): boolean => options.credentials.refused(value);
      const client = createClient({ apiUrl: options.apiUrl, token, refused, followsMoves: true }, clock);
      const { data } = await client.ask(`look at ${owner}/${name}`, (octokit) =>
        octokit.rest.repos.get({ owner, repo: name }),
      );
      // Renamed or moved ones answer under their old name, and git would be sent elsewhere.
      const found: RepositoryName = { owner: data.owner.login, name: data.name };
      const shown = `${found.owner}/${found.name}`;
      if (data.archived) {
        throw new FactoryError('repo-archived', `${shown} is archived on GitHub: nothing can be pushed to it.`, {
          fix: 'Take it out of the archive there, or name another repository.',
        });
      }
      if (data.permissions?.push === false) {
        throw new FactoryError('github-forbidden', `The token may read ${shown} and not write to it.`, {
          fix: 'Give the token write access to contents and pull requests of this one repository.',
        });
      }
      const baseBranch = base ?? data.default_branch;
      requireReadableBranch(baseBranch);
      const baseSha = await headOf(client, found, baseBranch);
      return {
        forge: 'github',
        path: pathOf(found),
        bare: true,
        baseBranch,
        baseSha,
        dirtyOnBase: false,
        notes: shown === `${owner}/${name}` ? [] : [`is called ${shown} now`],
      };
    },
  };
}

async function headOf(client: GitHubClient, { owner, name }: RepositoryName, branch: string): Promise<string> {
  const answer = await client.attempt((octokit) => octokit.rest.repos.getBranch({ owner, repo: name, branch }));
  if ('value' in answer) return answer.value.data.commit.sha;
  if (!isNotFound(answer.fault)) throw faultError(answer.fault, `look at the branch ${branch} of ${owner}/${name}`);
  const { data } = await client.ask(`list the branches of ${owner}/${name}`, (octokit) =>
    octokit.rest.repos.listBranches({ owner, repo: name, per_page: 10 }),
  );
  const others = data.map((other) => other.name).filter(isReadableBranch);
  if (others.length === 0) {
    throw new FactoryError('repo-empty', `${owner}/${name} has no commit yet.`, {
      fix: 'Make a first commit there (a README is enough), then try again.',
    });
  }
  throw new FactoryError(
    'base-not-found',
    `${owner}/${name} has no branch ${quoted(branch)}. It has ${others.slice(0, 5).map(quoted).join(', ')}${others.length > 5 ? ' and more' : ''}.`,
    { fix: 'Name one of its branches.' },
  );
}
