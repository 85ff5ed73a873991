import type { FarSide } from '#infra/git/far-side.ts';
import { FactoryError } from '#src/errors.ts';
import { archivedError } from './call-fault.ts';
import type { GitHubOptions } from './github-options.ts';
import type { RepositoryName } from './repository-name.ts';

/**
 * A repository on GitHub as git reaches it. The token goes to git in its environment, where neither the list of
 * processes nor a log shows it, and to this one address; git follows no redirect with it.
 */
export function gitHubSide(
  repository: RepositoryName,
  options: Pick<GitHubOptions, 'webUrl' | 'credentials'>,
): FarSide {
  const { owner, name } = repository;
  const { credentials } = options;
  const shown = `${owner}/${name}`;
  let last = '';
  const address = `${options.webUrl}/${owner}/${name}.git`;
  return {
    name: shown,
    async reach(use) {
      last = await credentials.tokenFor(repository, use === 'push' ? 'push' : 'fetch');
      const login = Buffer.from(`x-access-token:${last}`).toString('base64');
      return {
        address,
        options: [],
        call: {
          trusted: [address],
          settings: [
            address.startsWith('https:') ? 'protocol.https.allow=always' : 'protocol.http.allow=always',
            'http.followRedirects=false',
          ],
          env: {
            GIT_CONFIG_COUNT: '1',
            GIT_CONFIG_KEY_0: `http.${address}.extraHeader`,
            GIT_CONFIG_VALUE_0: `Authorization: Basic ${login}`,
          },
        },
      };
    },
    explain: (stderr) => explain(shown, stderr, () => credentials.refused(last)),
  };
}

/** `refused`: GitHub did not know the token; answers whether there may be another. */
function explain(shown: string, stderr: string, refused: () => boolean): FactoryError | null {
  if (/\barchived\b/i.test(stderr) && /returned error: 403/.test(stderr)) return archivedError(shown, 'take the push');
  if (/Authentication failed|could not read Username|returned error: 40[13]/.test(stderr)) {
    return new FactoryError('github-token-refused', `GitHub does not let the token read or write ${shown}.`, {
      fix: 'Give the token read and write access to the contents of this repository, then try again.',
      retryable: !/returned error: 403/.test(stderr) && refused(),
    });
  }
  if (/unable to update url base from redirection|returned error: 30[1278]/i.test(stderr)) {
    return new FactoryError('repo-renamed', `${shown} was renamed or moved on GitHub.`, {
      fix: 'Bind the project to the repository by the name it has now.',
    });
  }
  if (/repository .* not found|returned error: 404/i.test(stderr)) {
    return new FactoryError('github-not-found', `${shown} is not on GitHub, or the token may not see it.`, {
      fix: 'Check the name, and that the token was made for it or the App is installed on it.',
    });
  }
  if (
    /Could not resolve host|Failed to connect|Connection (?:refused|reset|timed out)|returned error: 5\d\d|early EOF|unexpected disconnect|RPC failed/i.test(
      stderr,
    )
  ) {
    return new FactoryError('github-unreachable', `GitHub did not answer for ${shown}.`, {
      fix: 'Check the network and https://www.githubstatus.com; it is tried again.',
      retryable: true,
    });
  }
  return null;
}
