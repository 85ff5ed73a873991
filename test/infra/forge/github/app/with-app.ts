import { expect, onTestFinished } from 'vitest';
import { type AppCredentials, createAppCredentials } from '#infra/forge/github/app/app-credentials.ts';
import { createClients } from '#infra/forge/github/create-client.ts';
import type { GitHubAppSettings } from '#src/github-settings.ts';
import type { Clock } from '#src/ports/clock.ts';
import { type GitHubOptions, startGitHub, type StandInGitHub } from '#test/support/github/start-github.ts';

type Github = StandInGitHub<'ana' | 'ben', 'workbench'>;

export const SHOP = { owner: 'acme', name: 'shop' } as const;
export const SECRET = { owner: 'acme', name: 'secret' } as const;

/** Two repositories of one owner, and an App that is installed on both. */
export async function withApp(options: GitHubOptions<'ana' | 'ben', 'workbench'> = {}) {
  const github: Github = await startGitHub({ repositories: { 'acme/shop': {}, 'acme/secret': {} }, ...options });
  onTestFinished(async () => {
    await github.settled();
    await github.close();
    expect(github.violations).toEqual([]);
  });
  const { workbench } = github.apps;
  const clock: Clock = { now: () => new Date(github.clock.nowMs()) };
  const place = { apiUrl: github.apiUrl, webUrl: github.url };
  const app: GitHubAppSettings = { id: String(workbench.id), key: { kind: 'pem', pem: workbench.privateKey } };
  const credentials = createAppCredentials({ ...place, app }, clock);
  return {
    github,
    workbench,
    clock,
    place,
    app,
    credentials,
    clientFor: createClients({ ...place, credentials }, clock),
    /** The same App, told something else of itself. */
    credentialsOf: (other: Partial<GitHubAppSettings>, otherClock = clock): AppCredentials =>
      createAppCredentials({ ...place, app: { ...app, ...other } }, otherClock),
  };
}

/** What GitHub holds of tokens that it made for the App. */
export function tokensOf(github: Github) {
  return [...github.hub.tokens.values()].filter(({ kind }) => kind === 'installation');
}
