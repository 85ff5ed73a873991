import type { GitHubDependencies } from '#bots/github/create-github.ts';
import type { GitHubAccess } from './github-access.ts';
import { keepOpened } from './keep-opened.ts';
import type { Opened } from './keep-opened.ts';

/** Webhooks come at once; this is for those that were lost, and where none can reach us. */
const POLL_EVERY_MS = 3 * 60_000;

/** Issues of the bound repositories on GitHub, where it is set up. */
export async function openGitHub(
  access: GitHubAccess | null,
  deps: Omit<GitHubDependencies, 'settings' | 'issues' | 'branchChecks' | 'onTrouble'>,
  onTrouble: (sentence: string) => void,
): Promise<Opened> {
  if (access === null) return { async stop() {} };
  const { startGitHub } = await import('#bots/github/create-github.ts');
  const { createGitHubBranchChecks } = await import('#infra/forge/github/branch-checks.ts');
  const { createGitHubIssues } = await import('#infra/forge/github/issues.ts');
  const { webUrl, webhook, label } = access;
  const issues = createGitHubIssues(access, deps.clock);
  const branchChecks = createGitHubBranchChecks(access, deps.clock);
  const intake = { webhook, label, host: new URL(webUrl).host, pollEveryMs: POLL_EVERY_MS };
  return keepOpened(() => startGitHub({ ...deps, issues, branchChecks, settings: intake, onTrouble }), onTrouble);
}
