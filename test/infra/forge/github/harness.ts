import { expect, onTestFinished } from 'vitest';
import { fixedToken } from '#infra/forge/github/credentials.ts';
import { createGitHubForge } from '#infra/forge/github/forge.ts';
import { createGitHubServer } from '#infra/forge/github/server.ts';
import { createWorkspace } from '#infra/git/workspace.ts';
import { silentLog } from '#src/ports/log.ts';
import type { RepositoryRef, Workspace } from '#src/ports/workspace.ts';
import type { ForgeHarness } from '#test/contracts/forge.ts';
import { startGitHub, type StandInGitHub } from '#test/support/github/start-github.ts';
import type { Token } from '#test/support/github/hub/types.ts';
import { temporaryFolder } from '#test/support/repository.ts';
import { mirrorWork } from '../mirror-work.ts';

export interface GitHubHarness extends ForgeHarness {
  github: StandInGitHub<'ana' | 'ben', 'workbench'>;
  token: Token;
  workspace: Workspace;
}

/** The forge over a stand-in GitHub, as an app that is installed in one repository. Fails when GitHub's rules were broken. */
export async function gitHubHarness(): Promise<GitHubHarness> {
  const github = await startGitHub();
  onTestFinished(async () => {
    await github.settled();
    await github.close();
    expect(github.violations).toEqual([]);
  });
  const token = github.apps.workbench.token();
  const options = { apiUrl: github.apiUrl, webUrl: github.url, credentials: fixedToken(token.value) };
  const clock = { now: () => new Date(github.clock.nowMs()) };
  const mirrorsDir = temporaryFolder();
  const workspace = createWorkspace({ mirrorsDir, log: silentLog, servers: [createGitHubServer(options, clock)] });
  const repo: RepositoryRef = { id: 'project-1', path: 'github:acme/shop', baseBranch: 'main' };
  const { baseSha } = await workspace.refresh(repo);
  return {
    github,
    token,
    workspace,
    forge: createGitHubForge({ ...options, mirrorsDir, clock, log: silentLog }),
    repo,
    baseSha,
    ...mirrorWork({ mirrorsDir, workspace }, repo),
    head: (branch) => github.head(branch),
    personCommits: (branch, files) => github.people.ben.push({ branch, files }),
    personDeletes: (branch) => github.people.ben.deleteBranch(branch),
  };
}
