import { createForges } from '#infra/forge/forges.ts';
import { gitHubNotSetUp, notSetUp } from '#infra/forge/github/not-set-up.ts';
import { isOnGitHub } from '#infra/forge/github/repository-name.ts';
import type { GitHubAccounts } from '#infra/forge/github/link/linked-accounts.ts';
import { createLocalForge } from '#infra/forge/local/forge.ts';
import { createWorkspace } from '#infra/git/workspace.ts';
import type { Clock } from '../ports/clock.ts';
import type { Forge } from '../ports/forge.ts';
import type { Log } from '../ports/log.ts';
import type { Workspace } from '../ports/workspace.ts';
import type { GitHubAccess } from './github-access.ts';

/** Folders of this machine, and what is on GitHub where that is set up. Its client is large, so it is loaded only then. */
export async function openRepositories(
  access: Omit<GitHubAccess, 'takeBack' | 'stop'> | null,
  { accounts = null, ...tools }: { mirrorsDir: string; clock: Clock; log: Log; accounts?: GitHubAccounts | null },
): Promise<{ workspace: Workspace; forge: Forge }> {
  const local = createLocalForge(tools);
  if (access === null) {
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
  const gitHub = createGitHubForge({ ...access, ...tools, ...(accounts === null ? {} : { accounts }) });
  return {
    workspace: createWorkspace({ ...tools, servers: [createGitHubServer(access, tools.clock)] }),
    forge: createForges(({ path }) => (isOnGitHub(path) ? gitHub : local)),
  };
}
