import { createFactoryBranches, requireFactoryBranch } from '../factory-branches.ts';
import { openMirror, requireCommit } from '#infra/git/mirror.ts';
import { requireSha } from '#infra/git/ref-names.ts';
import type { Clock } from '#src/ports/clock.ts';
import type { Forge } from '#src/ports/forge.ts';
import type { Log } from '#src/ports/log.ts';
import type { RepositoryRef } from '#src/ports/workspace.ts';
import { approveAs } from './approve-as.ts';
import { readChecksOnGitHub } from './checks.ts';
import { createClient, createClients } from './create-client.ts';
import type { Purpose } from './credentials.ts';
import type { GitHubOptions } from './github-options.ts';
import { gitHubSide } from './github-side.ts';
import { keepQuiet } from './keep-quiet.ts';
import { mergeMethodsOnGitHub } from './merge-method.ts';
import { mergeOnGitHub } from './merge.ts';
import { openOnGitHub } from './open-pull-request.ts';
import type { GitHubAccounts } from './link/linked-accounts.ts';
import { closeOnGitHub, readOnGitHub, stateOf } from './pull-requests.ts';
import { repositoryAt } from './repository-name.ts';
import { readReviewsOnGitHub } from './reviews.ts';

export interface GitHubForgeOptions extends GitHubOptions {
  /** The same as the workspace's. */
  mirrorsDir: string;
  /** Accounts that people linked. Left out: none. */
  accounts?: Pick<GitHubAccounts, 'tokenOf' | 'refused'>;
  clock: Clock;
  log: Log;
}

const nobody = { tokenOf: async () => ({ outcome: 'none' as const }), refused: async () => {} };

/**
 * Repositories on GitHub: branches through git, pull requests through the REST API. A merge is GitHub's own, of exactly
 * the head that was approved, so that the rules of the repository hold for it.
 */
export function createGitHubForge(options: GitHubForgeOptions): Forge {
  const { mirrorsDir, log, clock, apiUrl, accounts = nobody } = options;
  const clientFor = keepQuiet(createClients(options, clock), clock);
  const clientOf = (repo: RepositoryRef, purpose: Purpose) => clientFor(repositoryAt(repo.path), purpose);
  const mirrorOf = (repo: RepositoryRef) => openMirror(mirrorsDir, repo.id, log);
  const sideOf = (repo: RepositoryRef) => gitHubSide(repositoryAt(repo.path), options);

  return {
    kindOf: () => 'github',
    ...createFactoryBranches({ mirrorOf, sideOf }),

    async openPullRequest(repo, request) {
      requireFactoryBranch(repo, request.branch);
      await requireCommit(await mirrorOf(repo), requireSha(request.headSha, 'The head'));
      return openOnGitHub(clientOf(repo, 'pull-requests'), repo, request);
    },

    async readPullRequest(repo, { number }) {
      return stateOf(await readOnGitHub(clientOf(repo, 'pull-requests'), repositoryAt(repo.path), number));
    },

    async readReviews(repo, { number }, headSha) {
      return readReviewsOnGitHub(clientOf(repo, 'pull-requests'), repositoryAt(repo.path), { number, headSha });
    },

    async recordApproval(repo, { number }, approval) {
      const client = clientOf(repo, 'pull-requests');
      const clientAs = (token: string) => createClient({ apiUrl, token: async () => token }, clock);
      return approveAs({ accounts, client, clientAs }, repositoryAt(repo.path), { number, ...approval });
    },

    async readChecks(repo, { number }, headSha) {
      return readChecksOnGitHub(clientOf(repo, 'pull-requests'), clock, repositoryAt(repo.path), { number, headSha });
    },

    async mergeMethod(repo) {
      const [first = 'merge'] = await mergeMethodsOnGitHub(
        clientOf(repo, 'merge'),
        repositoryAt(repo.path),
        repo.baseBranch,
      );
      return first;
    },

    async merge(repo, { number }, merge) {
      const mirror = await mirrorOf(repo);
      return mergeOnGitHub({ client: clientOf(repo, 'merge'), mirror, side: sideOf(repo), log }, repo, number, merge);
    },

    async closePullRequest(repo, { number }) {
      await closeOnGitHub(clientOf(repo, 'pull-requests'), repositoryAt(repo.path), number);
    },
  };
}
