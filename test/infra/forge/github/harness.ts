import { expect, onTestFinished } from 'vitest';
import { createAppCredentials } from '#infra/forge/github/app/app-credentials.ts';
import { fixedToken } from '#infra/forge/github/credentials.ts';
import { createGitHubForge } from '#infra/forge/github/forge.ts';
import type { GitHubAccounts } from '#infra/forge/github/link/linked-accounts.ts';
import { createGitHubServer } from '#infra/forge/github/server.ts';
import { createWorkspace } from '#infra/git/workspace.ts';
import type { GitHubOptions } from '#infra/forge/github/github-options.ts';
import type { GitHubAppSettings } from '#src/github-settings.ts';
import type { Clock } from '#src/ports/clock.ts';
import { silentLog } from '#src/ports/log.ts';
import type { RepositoryRef, Workspace } from '#src/ports/workspace.ts';
import type { ForgeHarness } from '#test/contracts/forge.ts';
import { startGitHub, type StandInGitHub } from '#test/support/github/start-github.ts';
import type { Token } from '#test/support/github/hub/types.ts';
import { temporaryFolder } from '#test/support/repository.ts';
import { mirrorWork } from '../mirror-work.ts';

export interface GitHubHarness extends ForgeHarness {
  github: StandInGitHub<'ana' | 'ben', 'workbench'>;
  /** Of the one token; an App makes its own. */
  token: Token;
  workspace: Workspace;
  options: GitHubOptions & { clock: Clock };
}

interface HarnessOptions {
  asApp?: boolean;
  /** Left out: nobody linked an account. */
  accountsOf?: (github: GitHubHarness['github']) => GitHubAccounts;
}

/**
 * The forge over a stand-in GitHub, with one token for everything or, `asApp`, one for each purpose. Fails when GitHub's
 * rules were broken.
 */
export async function gitHubHarness({ asApp = false, accountsOf }: HarnessOptions = {}): Promise<GitHubHarness> {
  const github = await startGitHub();
  onTestFinished(async () => {
    await github.settled();
    await github.close();
    expect(github.violations).toEqual([]);
  });
  const { workbench } = github.apps;
  const token = workbench.token();
  const clock = { now: () => new Date(github.clock.nowMs()) };
  const place = { apiUrl: github.apiUrl, webUrl: github.url };
  const app: GitHubAppSettings = { id: String(workbench.id), key: { kind: 'pem', pem: workbench.privateKey } };
  const credentials = asApp ? createAppCredentials({ ...place, app }, clock) : fixedToken(token.value);
  const options = { ...place, credentials };
  const mirrorsDir = temporaryFolder();
  const workspace = createWorkspace({ mirrorsDir, log: silentLog, servers: [createGitHubServer(options, clock)] });
  const repo: RepositoryRef = { id: 'project-1', path: 'github:acme/shop', baseBranch: 'main' };
  const { baseSha } = await workspace.refresh(repo);
  return {
    github,
    token,
    workspace,
    options: { ...options, clock },
    forge: createGitHubForge({
      ...options,
      mirrorsDir,
      clock,
      log: silentLog,
      ...(accountsOf === undefined ? {} : { accounts: accountsOf(github) }),
    }),
    repo,
    baseSha,
    ...mirrorWork({ mirrorsDir, workspace }, repo),
    head: (branch) => github.head(branch),
    personCommits: (branch, files) => github.people.ben.push({ branch, files }),
    personDeletes: (branch) => github.people.ben.deleteBranch(branch),
  };
}
