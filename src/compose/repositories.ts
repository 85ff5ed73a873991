import { createForges } from '#infra/forge/forges.ts';
import { gitHubNotSetUp, notSetUp } from '#infra/forge/github/not-set-up.ts';
import { isOnGitHub } from '#infra/forge/github/repository-name.ts';
import { createLocalForge } from '#infra/forge/local/forge.ts';
import { createWorkspace } from '#infra/git/workspace.ts';
import type { GitHubSettings } from '../github-settings.ts';
import type { Clock } from '../ports/clock.ts';
import type { Forge } from '../ports/forge.ts';
import type { Log } from '../ports/log.ts';
import type { Workspace } from '../ports/workspace.ts';

/** Folders of this machine, and what is on GitHub where that is set up. Its client is large, so it is loaded only then. */
export async function openRepositories(
  settings: GitHubSettings | null,
  tools: { mirrorsDir: string; clock: Clock; log: Log },
): Promise<{ workspace: Workspace; forge: Forge }> {
  const local = createLocalForge(tools);
  if (settings === null) {
    return {
      workspace: createWorkspace({ ...tools, servers: [gitHubNotSetUp] }),
      forge: createForges(({ path }) => {
        if (isOnGitHub(path)) throw notSetUp();
        return local;
      }),
    };
  }
  const { createGitHubForge } = await import('#infra/forge/github/forge.ts');
  const { createGitHubServer } = await import('#infra/forge/github/server.ts');
  const { fixedToken } = await import('#infra/forge/github/credentials.ts');
  const options = { ...settings, credentials: fixedToken(settings.token) };
  const gitHub = createGitHubForge({ ...options, ...tools });
  return {
    workspace: createWorkspace({ ...tools, servers: [createGitHubServer(options, tools.clock)] }),
    forge: createForges(({ path }) => (isOnGitHub(path) ? gitHub : local)),
  };
}
