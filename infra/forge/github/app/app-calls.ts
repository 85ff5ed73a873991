import type { RestEndpointMethodTypes } from '@octokit/rest';
import { FactoryError } from '#src/errors.ts';
import type { GitHubAppSettings } from '#src/github-settings.ts';
import type { Clock } from '#src/ports/clock.ts';
import { isNotFound, MOVED, renamedError } from '../call-fault.ts';
import { createClient } from '../create-client.ts';
import { permissionsFor, type Purpose } from '../credentials.ts';
import type { RepositoryName } from '../repository-name.ts';
import { appFault, lacksPermissions, missingPermissions, notInstalled, suspended } from './app-faults.ts';
import { readPrivateKey } from './private-key.ts';
import { signWebToken } from './web-token.ts';

export type Installation = RestEndpointMethodTypes['apps']['getRepoInstallation']['response']['data'];

export interface AppOptions {
  apiUrl: string;
  webUrl: string;
  app: GitHubAppSettings;
}

/** What an App asks of GitHub in its own name. Every call may throw FactoryError `github-…`. */
export interface AppCalls {
  /** As in the address of its page: `our-factory`. */
  slug(): Promise<string>;
  /** Where it is installed for this repository. FactoryError `github-app-not-installed`, `github-app-suspended`, `repo-renamed`. */
  installationOn(repository: RepositoryName): Promise<Installation>;
  /** A token for this repository and purpose alone. FactoryError `github-app-lacks-permissions`. */
  mint(installation: Installation, repository: RepositoryName, purpose: Purpose): Promise<MintedToken>;
  /** Ends a token. One that has ended already is ended. */
  revoke(token: string): Promise<void>;
}

export interface MintedToken {
  value: string;
  /** By GitHub's clock. */
  expiresAtMs: number;
}

const UNAUTHORISED = 401;
const FORBIDDEN = 403;
const UNPROCESSABLE = 422;

export function createAppCalls({ apiUrl, webUrl, app }: AppOptions, clock: Clock): AppCalls {
  const signed = async (): Promise<string> => signWebToken(app.id, await readPrivateKey(app), clock.now());
  const client = createClient({ apiUrl, token: signed }, clock);
  const slug = async (): Promise<string> => {
    const answer = await client.attempt((octokit) => octokit.rest.apps.getAuthenticated());
    if ('fault' in answer) throw appFault(answer.fault, app.id, clock.now(), 'say which App this is');
    const found = answer.value.data?.slug;
    if (found !== undefined) return found;
    throw new FactoryError('github-app-unknown', `GitHub does not say what the App ${app.id} is called.`, {
      fix: 'Check GITHUB_APP_ID and GITHUB_API_URL.',
    });
  };
  const installUrl = async (): Promise<string> => `${webUrl}/apps/${await slug()}/installations/new`;

  return {
    slug,
    async installationOn(repository) {
      const { owner, name: repo } = repository;
      const shown = `${owner}/${repo}`;
      const what = `say where the App is installed for ${shown}`;
      const answer = await client.attempt((octokit) => octokit.rest.apps.getRepoInstallation({ owner, repo }));
      if ('value' in answer) {
        const { data } = answer.value;
        if (data.suspended_at !== null) throw suspended(shown, data.html_url);
        return data;
      }
      const { fault } = answer;
      if (fault.status === MOVED) throw renamedError(what, fault.nameNow ?? null);
      // An App that is unknown altogether is refused by the question what it is called.
      if (isNotFound(fault)) throw notInstalled(shown, await installUrl());
      throw appFault(fault, app.id, clock.now(), what);
    },

    async mint(installation, repository, purpose) {
      const shown = `${repository.owner}/${repository.name}`;
      const answer = await client.attempt((octokit) =>
        octokit.rest.apps.createInstallationAccessToken({
          installation_id: installation.id,
          repositories: [repository.name],
          permissions: permissionsFor[purpose],
        }),
      );
      if ('value' in answer) {
        const { token, expires_at: expiresAt } = answer.value.data;
        return { value: token, expiresAtMs: Date.parse(expiresAt) };
      }
      const { fault } = answer;
      if (fault.status === FORBIDDEN && /suspended/i.test(fault.message)) throw suspended(shown, installation.html_url);
      if (fault.status === UNPROCESSABLE || isNotFound(fault)) {
        const missing = missingPermissions(installation.permissions, purpose);
        throw missing.length > 0
          ? lacksPermissions(shown, missing, installation.html_url)
          : notInstalled(shown, await installUrl());
      }
      throw appFault(fault, app.id, clock.now(), `give the App a token for ${shown}`);
    },

    async revoke(token) {
      const holder = createClient({ apiUrl, token: async () => token }, clock);
      const answer = await holder.attempt((octokit) => octokit.rest.apps.revokeInstallationAccessToken());
      if ('fault' in answer && answer.fault.status !== UNAUTHORISED)
        throw appFault(answer.fault, app.id, clock.now(), 'revoke a token');
    },
  };
}
